import assert from 'node:assert/strict'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import { guard } from '../../../scripts/actions/approval/guard.ts'
import type { Packet } from '../../../scripts/core/approval/packet.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { actionRuns } from '../../fakes/pipelines.ts'
import { imageFacts } from '../../fakes/regional.ts'
import { job, app, set, ofAnother, waiting, unlaunchable, freeze, overFreeze, freezePlace } from './support/waiting.ts'

describe('the guard', () => {
  /** A person approved, with these words. */
  const approved = async (words?: string) => {
    const all = await waiting()
    const summary = words ?? `digest ${all.digest.slice(0, 16)}`
    all.pipelines.actionRuns.unshift(...actionRuns({ stage: 'Production', action: 'Approve', approval: true, summary }))
    return all
  }

  it('lets pass what has not moved (B04)', async () => {
    const { ports, digest } = await approved()
    await guard({ ...job, DIGEST: digest }, ports)
  })

  it('finds the digest wherever it stands in the comment of an approval in the console', async () => {
    const { digest } = await waiting()
    const { ports } = await approved(`Looks good to me: ${digest}, ship it`)
    await guard({ ...job, DIGEST: digest }, ports)
  })

  it('refuses an approval without a digest, and says how it is done', async () => {
    const { ports, digest } = await approved('LGTM')
    await assert.rejects(guard({ ...job, DIGEST: digest }, ports), (error: RigletError) => {
      assert.match(error.message, /^Whoever approved named no digest \("LGTM"\)/)
      assert.match(error.remedy, /make approve DIGEST=/)
      return true
    })
  })

  it('refuses the approval of another digest', async () => {
    const { ports, digest } = await approved('digest 0123456789abcdef')
    await assert.rejects(guard({ ...job, DIGEST: digest }, ports), /^RigletError: Approved was 0123456789abcdef, but/)
  })

  it('refuses in a freeze, whichever way the approval was given, and says what helps then', async () => {
    const { ports, digest, region } = await approved()
    region.held.parameters.set(freezePlace, freeze())
    await assert.rejects(guard({ ...job, DIGEST: digest }, ports), (error: RigletError) => {
      assert.equal(error.message, 'production is frozen until 2026-01-31T13:00Z: Christmas trade (by eve).')
      assert.match(error.remedy, /^Production was not touched\. .*`make retry-pipeline` plans and asks again\.$/)
      return true
    })
    region.held.parameters.set(freezePlace, '{}')
    await assert.rejects(guard({ ...job, DIGEST: digest }, ports), /cannot be read, so it is taken for one/)
    region.held.parameters.set(freezePlace, overFreeze)
    await guard({ ...job, DIGEST: digest }, ports)
  })

  it('reads the freeze of its own pipeline and environment alone', async () => {
    const { ports, digest, region } = await approved()
    for (const other of ['production/blog-main', 'staging/web-main', 'production/web-main/x'])
      region.held.parameters.set(`/acme/shop/freeze/${other}`, freeze())
    await guard({ ...job, DIGEST: digest }, ports)
  })

  for (const [what, pusher, by, words] of [
    ['who pushed', 'user/ada', 'user/ada', /^ada pushed this, and somebody else has to approve it/],
    [
      'who pushed in another session',
      'user/ada',
      'assumed-role/Admin/ada@example.com',
      /^ada@example\.com pushed this/,
    ],
    ['nobody knows whom', 'user/ada', '', /it is not known who approved\.$/],
  ] as const)
    it(`refuses by setting an approval by ${what}, whichever way it was given`, async () => {
      const { ports, digest, buckets, pipelines } = await approved()
      const arn = (name: string) =>
        name === '' ? '' : `arn:aws:${name.startsWith('user') ? 'iam' : 'sts'}::123456789012:${name}`
      const [[key, text]] = [...buckets.objects] as [[string, string]]
      const source = { commit: 'c', message: 'm', author: 'Ann', pusher: arn(pusher) }
      buckets.objects.set(key, JSON.stringify({ ...(JSON.parse(text) as Packet), source }))
      pipelines.actionRuns[0] = { ...pipelines.actionRuns[0]!, by: arn(by) }
      const asked = { ...job, DIGEST: digest, SEPARATE_APPROVER: 'yes' }
      await assert.rejects(guard(asked, ports), (error: RigletError) => {
        assert.match(error.message, words)
        assert.match(error.remedy, /^Production was not touched\. `make retry-pipeline` plans and asks again\./)
        return true
      })
      pipelines.actionRuns[0] = { ...pipelines.actionRuns[0], by: arn('user/bob') }
      await guard(asked, ports)
      pipelines.actionRuns[0] = { ...pipelines.actionRuns[0], by: arn(by) }
      await guard({ ...asked, SEPARATE_APPROVER: 'no' }, ports)
    })

  const moves: readonly (readonly [string, (all: Awaited<ReturnType<typeof waiting>>) => void, RegExp])[] = [
    ['the stack moved', ({ templates }) => void (templates[app] = 'other'), /template in force/],
    [
      'the change set moved',
      ({ sets }) => void (sets[set] = { ...sets[set]!, template: 'x' }),
      /template of the change set/,
    ],
    [
      'another change set took its name',
      ({ sets }) => void (sets[set] = { ...sets[set]!, id: 'arn:other' }),
      /made anew since it was shown/,
    ],
    [
      'the change set went obsolete',
      ({ sets }) => void (sets[set] = { ...sets[set]!, executable: false }),
      /cannot be executed any more/,
    ],
    [
      'the image was retagged',
      ({ region }) => void region.held.images.set('ami-2', imageFacts('ami-2', { tags: { Commit: 'evil' } })),
      /other tags/,
    ],
    [
      'the stack is another branch’s',
      ({ region }) => void region.stacks.states.set(app, ofAnother(app)),
      /belongs to REPO=blog;/,
    ],
    ['the image went away', ({ region }) => void region.held.images.delete('ami-2'), /ami-2 does not exist any more/],
  ]
  for (const [what, move, words] of unlaunchable)
    it(`refuses when ${what}`, async () => {
      const all = await approved()
      move(all)
      await assert.rejects(guard({ ...job, DIGEST: all.digest }, all.ports), words)
    })

  it('says what it could not ask, and lets pass', async () => {
    const { ports, digest, terminal } = await approved()
    const keys = { ...ports.keys, find: () => Promise.reject(accessDenied('no right to the key', null)) }
    await guard({ ...job, DIGEST: digest }, { ...ports, keys })
    assert.match(terminal.said.join('\n'), /Not checked whether ami-2 can be launched: .*no right to the key/)
  })

  for (const [what, move, words] of moves)
    it(`refuses when ${what} (B04)`, async () => {
      const all = await approved()
      move(all)
      await assert.rejects(guard({ ...job, DIGEST: all.digest }, all.ports), words)
    })
})
