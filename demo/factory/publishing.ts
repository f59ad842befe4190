import { RigletError } from '../../scripts/core/errors.ts'
import { commitVersion, demoSource } from '../source.ts'
import { letIn } from './consumers.ts'
import { callsSince, type Chapter } from './factory.ts'
import { consumerRepository, failing, imagesYaml } from './places.ts'
import { bake, bakedOf, follow, of, propose, publish, release, replicate, steps, verify } from './steps.ts'

/** From the first bake to groups that run a release. */
export const publishing: readonly Chapter[] = [
  {
    title: 'a second image, and two bakes at once',
    see: `images.yaml wants web and runner in six regions of the account distribution, for the accounts stage and live.
      make new-image makes runner of web; it is baked beside it, while each account lets riglet in by one stack of its own.`,
    tell: async (factory) => {
      const { tools, ports, accounts, folder } = factory
      const repository = folder.replace(demoSource, consumerRepository)
      await ports.files.write(`${demoSource}/manifests/images.yaml`, imagesYaml(accounts, repository))
      await tools.make(['new-image', 'IMAGE=runner'], { says: [/^packer\/runner$/m] })
      await commitVersion('1.0.0', ports)
      await Promise.all([bake('web', '1.0.0', factory), bake('runner', '1.0.0', factory), letIn(factory)])
      await tools.make(['accounts'], {
        says: [/^distribution .* answers$/m, /^stage .* answers$/m, /^live .* answers$/m],
        shows: / answers$/,
      })
    },
  },
  {
    title: 'both are checked on machines that boot from them',
    see: `Packer boots each candidate and goss checks it. For arm64 there is no machine here that could boot it, and the bake
      says so instead of making one up.`,
    tell: async (factory) => {
      const arm = factory.tools.make(['bake', ...of('runner'), 'ARCH=arm64'], {
        fails: true,
        says: [/NotImplemented/],
        shows: /^Baking|^The bake failed/,
      })
      await Promise.all([verify('web', '1.0.0', factory), verify('runner', '1.0.0', factory), arm])
      factory.notes.push('runner arm64: not baked, so not published: this machine cannot boot it')
    },
  },
  {
    title: 'six regions, one of which fails at first',
    see: `The first copy to ${failing} fails later, as copies do: replicate ends with 1, and the other five hold. Run again,
      it copies the one that is missing, and no other. runner goes the same way.`,
    tell: async (factory) => {
      const { tools, endpoint } = factory
      const { id } = bakedOf('web', '1.0.0', factory)
      const words = ['replicate', 'IMAGE=web', `IMAGE_ID=${id}`]
      await fault(endpoint, 'POST', {
        kind: 'failure',
        service: 'ec2',
        operation: 'CopyImage',
        region: failing,
        times: 1,
      })
      await tools.make(words, { fails: true, says: [new RegExp(`${failing} +failed`)], shows: steps })
      await fault(endpoint, 'DELETE')
      const { last } = await callsSince(endpoint, 0)
      await tools.make(words, { says: [new RegExp(`${failing} +done`)], shows: steps })
      const copies = (await callsSince(endpoint, last)).operations.filter((one) => one === 'CopyImage').length
      if (copies !== 1) throw new RigletError('IMAGE', `replicate made ${copies} copies where one was missing.`)
      await replicate('runner', '1.0.0', factory)
    },
  },
  {
    title: 'published, and proposed to those who use it',
    see: `publish protects, tags and shares what was copied, reads it again, and writes manifests/images.json, which is
      committed. document puts it on a branch of the consumer's repository: one commit, to be merged there.`,
    tell: async (factory) => {
      await publish(['web', 'runner'], '1.0.0', factory)
      await propose(factory)
    },
  },
  {
    title: 'a release: a channel names it, two accounts boot it',
    see: `A git tag makes it a release, and promote lets the channel name it in all six regions. share tags the copies in the
      accounts that run them; follow makes a group in each, staging by the branch release, production by the commit.`,
    tell: async (factory) => {
      await release('1.0.0', factory)
      await follow('1.0.0', factory)
    },
  },
]

async function fault(endpoint: string, method: 'POST' | 'DELETE', body?: object): Promise<void> {
  const reply = await fetch(`${endpoint}/_rehearsal/faults`, { method, ...(body && { body: JSON.stringify(body) }) })
  if (!reply.ok) throw new RigletError('TOOL_FAILED', `The rehearsal takes no fault: ${await reply.text()}`)
}
