import { manifestFile } from '../../scripts/core/manifest/manifest.ts'
import { runGit } from '../source.ts'
import { point, publishedNow, type Chapter } from './factory.ts'
import { consumers } from './places.ts'
import { bakedOf, follow, make, move, propose, publish, release, replicate } from './steps.ts'

/** A version that turns out to be bad, and all ways back. */
export const whenItIsBad: readonly Chapter[] = [
  {
    title: 'version 1.1.0 goes the same way',
    see: 'Both groups replace their instances. It is no release yet: the channel stays where it is.',
    tell: async (factory) => {
      await make('1.1.0', factory)
      await replicate('web', '1.1.0', factory)
      await publish(['web'], '1.1.0', factory)
      await follow('1.1.0', factory)
    },
  },
  {
    title: '1.1.0 is bad: revoked, with its six copies',
    see: `revoke finds the copies by what EC2 remembers, marks them, withdraws them from both accounts and lists the groups
      that run one. Then nobody rolls it out any more: publish refuses it, and follow finds no such image.`,
    tell: async (factory) => {
      const { tools } = factory
      const { id } = bakedOf('web', '1.1.0', factory)
      await tools.make(['revoke', `IMAGE_ID=${id}`, 'REASON=CVE-2026-1234'], {
        says: consumers.map(
          ({ environment, group, region }) => new RegExp(`group demo-shop-${environment}-group-${group}-.* ${region}`),
        ),
        shows: /^ {2}(?:group|\d{12} \S+ +done)/,
      })
      await Promise.all([
        tools.make(['publish', 'IMAGE=web', `IMAGE_ID=${id}`], {
          fails: true,
          says: [/is revoked since/],
          shows: /is revoked since/,
        }),
        tools.make(['plan-follow'], {
          says: consumers.map(({ region }) => new RegExp(`${region}\\s+has\\s+no\\s+image\\s+with`)),
          shows: /^ {2}=|keeps/,
        }),
      ])
    },
  },
  {
    title: 'git revert brings 1.0.0 back',
    see: `The manifest says what is published; reverted, it says 1.0.0 again. Somebody had even disabled that in one region:
      publish MANIFEST= enables and shares it again. The groups go back to its commit.`,
    tell: async (factory) => {
      const { tools, ports, admins } = factory
      const commit = await runGit(ports, ['log', '-1', '--format=%h', '--', manifestFile])
      await runGit(ports, ['revert', '--no-edit', commit])
      tools.say(`\n$ git revert --no-edit ${commit}`)
      const id = (await publishedNow(factory))['web']?.['eu-central-1']?.[0]?.id ?? ''
      await tools.aws(admins.distribution, 'ec2', 'disable-image', '--image-id', id, '--region', 'eu-central-1')
      await tools.make(['publish', `MANIFEST=${manifestFile}`], { says: [/enable/], shows: /eu-central-1/ })
      await point(factory, bakedOf('web', '1.0.0', factory).commit)
      await move('1.0.0', factory)
    },
  },
  {
    title: 'rebuilt as 1.2.0, and released',
    see: 'The same loop once more; the proposal in the consumer’s repository is brought up to date.',
    tell: async (factory) => {
      await make('1.2.0', factory)
      await replicate('web', '1.2.0', factory)
      await publish(['web'], '1.2.0', factory)
      await propose(factory)
      await release('1.2.0', factory)
      await follow('1.2.0', factory)
    },
  },
  {
    title: 'what nothing refers to any more goes',
    see: `Why each image stays or goes: 1.1.0 is revoked, no manifest of a tag names it, and nothing runs it. The first run asks
      EC2 whether other accounts use it, the second disables it. (KEEP_DAYS=0, for this demo is younger than a day.)`,
    tell: async ({ tools, ports }) => {
      const words = ['IMAGE=web', 'KEEP_DAYS=0']
      await tools.make(['plan-clean-images', ...words], { says: [/ask EC2/], shows: /revoked|nothing refers/ })
      await tools.ask('clean-images', ...words)
      // EC2 takes its time to find out about other accounts, and only the plan tells when it has.
      for (let asked = 0; asked < 60; asked += 1) {
        if (!/still finding\s+out/.test(await tools.ask('plan-clean-images', ...words))) break
        await ports.clock.sleep(500)
      }
      await tools.make(['clean-images', ...words], { says: [/ done +disable$/m], shows: / done +disable$/ })
    },
  },
]
