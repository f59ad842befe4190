import assert from 'node:assert/strict'
import {
  DisableImageBlockPublicAccessCommand,
  DisableImageCommand,
  EnableImageDeprecationCommand,
} from '@aws-sdk/client-ec2'
import { publishVerb } from '../../scripts/actions/restoration/publish-verbs.ts'
import { makeRegional } from '../../scripts/aws/ports.ts'
import type { Target } from '../../scripts/core/access/target.ts'
import { writeManifest } from '../../scripts/core/manifest/manifest.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { makeFiles } from '../../scripts/io/files.ts'
import { home } from '../../rehearsal/contract/support/accounts.ts'
import { copied, imageOf } from '../../rehearsal/contract/support/images.ts'
import { writeFile, mkdir } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { answering } from '../fakes/terminal.ts'
import { temporary } from '../support/git-repository.ts'
import { insideRehearsal, until } from './rehearsal.ts'

const regions = ['us-east-1', 'eu-west-1'] as const
const file = 'manifests/images.json'

/** An account in which nothing of a riglet stands: no stack, no pipeline, no candidate; images that the manifest alone knows. */
describe('a manifest that git took back', function () {
  this.timeout(240_000)
  const ground = insideRehearsal()
  const clock = makeClock(new AbortController().signal)
  const at = ({ region }: Target) => makeRegional({ region }, clock)
  let folder: Awaited<ReturnType<typeof temporary>>
  const earlier = new Map<string, string>()
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example', ...args], { cwd: folder.path })

  const written = (version: string, ids: ReadonlyMap<string, string>): string =>
    writeManifest({
      web: Object.fromEntries(
        [...ids].map(([region, id]) => [
          region,
          [
            {
              architecture: 'x86_64',
              deprecation_time: null,
              id,
              name: `acme-shop/web/${version}-9f3c2e1a`,
              public: region === 'us-east-1',
            },
          ],
        ]),
      ),
    })
  const made = async (version: string): Promise<ReadonlyMap<string, string>> => {
    const ids = await Promise.all(
      regions.map((region) =>
        copied(home(ground).in(region), { Name: `acme-shop/web/${version}-9f3c2e1a`, SourceRegion: region }),
      ),
    )
    return new Map(regions.map((region, index) => [region, ids[index]!]))
  }

  before(async () => {
    folder = await temporary('restoration')
    await mkdir(join(folder.path, 'manifests'))
    const yaml = `accounts: { customer: { account: "333333333333" } }\nimages:\n  web: { regions: [${regions.join(', ')}], encryption: false, shareWith: [customer] }\n`
    await writeFile(join(folder.path, 'manifests/images.yaml'), yaml)
    git('init', '--quiet')
    for (const [region, id] of await made('1.0.0')) earlier.set(region, id)
    await writeFile(join(folder.path, file), written('1.0.0', earlier))
    git('add', '.')
    git('commit', '--quiet', '-m', 'Publish 1.0.0')
    await writeFile(join(folder.path, file), written('1.1.0', await made('1.1.0')))
    git('commit', '--quiet', '-a', '-m', 'Publish 1.1.0')
    for (const region of regions) {
      const { ec2 } = home(ground).in(region)
      await ec2.send(new DisableImageBlockPublicAccessCommand({}))
      const DeprecateAt = new Date(Date.now() + 3_600_000)
      await ec2.send(new EnableImageDeprecationCommand({ ImageId: earlier.get(region)!, DeprecateAt }))
      await ec2.send(new DisableImageCommand({ ImageId: earlier.get(region)! }))
    }
    await until(
      () => Promise.all(regions.map((region) => at({ region }).publishing.publicBlocked())),
      (states) => !states.includes(true),
      90,
    )
  })
  after(() => folder.remove())

  it('is published again: enabled, protected, not deprecated, shared, and public where it was (G22)', async () => {
    git('revert', '--no-edit', 'HEAD')
    const terminal = answering('yes')
    const ports = { ...at({ region: 'us-east-1' }), at, clock, files: makeFiles(folder.path), terminal }
    const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1', MANIFEST: file } as const
    assert.equal(await publishVerb(settings, ports as Partial<Ports> as Ports), 0, terminal.shown.join('\n'))
    for (const [region, id] of earlier) {
      const image = await imageOf(home(ground).in(region).ec2, id)
      const isPublic = region === 'us-east-1'
      assert.deepEqual([image.State, image.DeregistrationProtection], ['available', 'enabled-without-cooldown'])
      assert.equal(image.Public ?? false, isPublic)
      if (!isPublic) assert.equal(image.DeprecationTime, undefined)
      assert.ok((await at({ region }).publishing.sharedWith(id)).includes('333333333333'))
      assert.ok(image.Tags!.some(({ Key }) => Key === 'Published'))
    }
    assert.equal(git('status', '--porcelain').toString(), '')
    assert.equal(await publishVerb(settings, ports as Partial<Ports> as Ports), 0)
    assert.equal(terminal.shown.at(-1), 'web: nothing to do')
  })
})
