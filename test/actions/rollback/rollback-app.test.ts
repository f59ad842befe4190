import assert from 'node:assert/strict'
import { rollbackApp } from '../../../scripts/actions/rollback/rollback-app.ts'
import { interrupted } from '../../../scripts/core/errors.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import type { Rollback } from '../../../scripts/core/rollback/record.ts'
import { app } from '../../../scripts/core/layers/app.ts'
import { actionRuns, execution, fakePipelines } from '../../fakes/pipelines.ts'
import { fakePorts, fakeRegion, imageFacts } from '../../fakes/regional.ts'
import { settings as all, templates } from '../../fakes/riglet.ts'
import { fakeStacks, stackState, type FakeStacksOptions } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'
import { failureOf } from '../../support/failure.ts'

const name = 'acme-shop-production-app-shop-main'
const place = '/acme/shop/rollback/production/shop-main'
const settings = { ...all, ENV: 'production', REASON: 'prices are wrong' } as const
const id = (number: number): string => `ami-${String(number).repeat(17)}`
const facts = (number: number, more = {}) =>
  imageFacts(id(number), { tags: { Version: `${number}.0.0`, Commit: `${number}f3c2e1a` }, ...more })

/** Production runs image 4; 1 to 4 passed there, one after the other, and 3 is gone. */
function world(answers: readonly string[], more: FakeStacksOptions & { readonly runs?: number } = {}) {
  const { runs = 4, ...options } = more
  const parameters = {
    ...{ Owner: 'acme', Project: 'shop', Riglet: 'acme-shop', Environment: 'production', Repo: 'shop', Branch: 'main' },
    ...{ App: 'shop-main', Foundation: 'acme-shop-production-foundation', Jobs: 'acme-shop-jobs-shop-main' },
    ...{ ImageId: id(runs), Version: `${runs}.0.0`, Commit: `${runs}f3c2e1a`, ListenerPriority: '7', MinSize: '4' },
  }
  const stacks = fakeStacks({
    states: [
      stackState(name, 'UPDATE_COMPLETE', { parameters, tags: { Owner: 'acme', Project: 'shop' } }),
      stackState('acme-shop-pipeline-shop-main'),
    ],
    ...options,
  })
  const pipelines = fakePipelines()
  const numbers = [1, 2, 3, 4]
  pipelines.history = numbers.map((number) => execution(`e${number}`, { started: number })).reverse()
  pipelines.actionRuns = [
    ...actionRuns(
      ...numbers.flatMap((number) => [
        {
          ...{ execution: `e${number}`, stage: 'Bake', action: 'Configure' },
          variables: { IMAGE_ID: id(number), VERSION: `${number}.0.0`, COMMIT: `${number}f3c2e1a` },
        },
        {
          ...{ execution: `e${number}`, stage: 'Production', action: 'Approve', approval: true },
          by: 'arn:aws:iam::123456789012:user/bob',
        },
        { execution: `e${number}`, stage: 'Production', action: 'Smoke', updated: number * 3_600_000 },
      ]),
    ),
  ]
  const terminal = answering(...answers)
  const inForce = `${templates[app.template]!}# as it was deployed\n`
  const region = fakeRegion({
    ...{ stacks, pipelines, templates: { [name]: inForce } },
    images: [facts(1), facts(2), facts(4), facts(5)],
  })
  const planned: Parameters<Ports['stacks']['plan']>[0][] = []
  const ports: Ports = {
    ...fakePorts(terminal, region),
    stacks: {
      ...stacks,
      plan: (desired, ...rest) => {
        planned.push(desired)
        return stacks.plan(desired, ...rest)
      },
    },
  }
  const kept = (): Rollback | undefined => {
    const text = region.held.parameters.get(place)
    return text === undefined ? undefined : (JSON.parse(text) as Rollback)
  }
  return { stacks, terminal, region, ports, planned, kept, inForce, pipelines }
}

describe('taking an app back', () => {
  it('lists what ran before, plans the last good one, asks, and executes what was shown (B23)', async () => {
    const { stacks, terminal, ports, kept } = world(['yes'])
    assert.equal(await rollbackApp(settings, ports), 0)
    assert.equal(
      terminal.shown[0],
      `acme-shop production shop-main ran, the newest first (= now, > taken back to):
   image                  version  commit   since              approved by
=  ami-44444444444444444  4.0.0    4f3c2e1  1970-01-01T04:00Z  bob
!  ami-33333333333333333  3.0.0    3f3c2e1  1970-01-01T03:00Z  bob
   its image ami-33333333333333333 was deregistered, or is not shared with this
   account any more
>  ami-22222222222222222  2.0.0    2f3c2e1  1970-01-01T02:00Z  bob
   ami-11111111111111111  1.0.0    1f3c2e1  1970-01-01T01:00Z  bob
`,
    )
    assert.deepEqual(terminal.asked, [
      'Take acme-shop production shop-main back to ami-22222222222222222 (2.0.0, 2f3c2e1)?',
    ])
    assert.equal(stacks.executed.length, 1)
    assert.equal(stacks.states.get(name)!.parameters['ImageId'], id(2))
    assert.match(terminal.shown.at(-1)!, /: taken back to ami-22222222222222222 \(2\.0\.0, 2f3c2e1\)$/)
    assert.deepEqual(kept(), {
      ...{ stackId: stacks.states.get(name)!.id, image: id(2), version: '2.0.0' },
      ...{
        from: id(4),
        fromVersion: '4.0.0',
        fromCommit: '4f3c2e1a',
        reason: 'prices are wrong',
        by: 'arn:aws:iam::123456789012:user/ada',
      },
      at: '2026-01-31T12:00:00.000Z',
    })
    assert.deepEqual(terminal.said.slice(-2), [
      'Status, drift and the next approval know it. A push is planned and asked as ever, and says that it ends this.',
      'Next: make smoke ENV=production REPO=shop BRANCH=main',
    ])
  })

  it('changes the image and nothing else, whatever this checkout and its settings say', async () => {
    const { ports, planned, inForce } = world(['yes'])
    await rollbackApp({ ...settings, MIN_SIZE: '9', HOST_NAME: 'shop.example.com' }, ports)
    const [desired] = planned
    assert.equal(desired!.template, inForce)
    const { ImageId, Version, Commit, MinSize, HostName, ListenerPriority } = desired!.parameters
    assert.deepEqual(
      [ImageId, Version, Commit, MinSize, HostName, ListenerPriority],
      [id(2), '2.0.0', '2f3c2e1a', '4', undefined, '7'],
    )
  })

  it('passes over what is revoked, and refuses it by name (B13)', async () => {
    const Revoked = `2026-02-01T08:00:00Z of ${id(2)} by ada`
    const { terminal, ports, stacks, region } = world(['yes'])
    region.held.images.set(id(2), facts(2, { tags: { Revoked, RevokedReason: 'leak' } }))
    await assert.rejects(rollbackApp({ ...settings, IMAGE_ID: id(2) }, ports), {
      message: `${id(2)} is revoked since 2026-02-01T08:00:00Z, by ada: leak.`,
    })
    assert.match(terminal.shown[0]!, /^> {2}ami-22222222222222222 .*\n {3}its image ami-2+ is revoked since/m)
    assert.equal(await rollbackApp(settings, ports), 0)
    assert.equal(stacks.states.get(name)!.parameters['ImageId'], id(1))
  })

  it('takes the one that is named, if it ran here and can be launched (B25)', async () => {
    const chosen = world(['yes'])
    await rollbackApp({ ...settings, IMAGE_ID: id(1) }, chosen.ports)
    assert.equal(chosen.kept()?.image, id(1))
    for (const [image, words] of [
      [id(5), /^No execution of the pipeline is known that ran ami-5{17} in production and passed there/],
      [id(3), /^No instance can be launched from ami-3{17}:\n.*was deregistered, or is not shared/],
    ] as const) {
      const { ports, stacks, kept } = world(['yes'])
      const error = await failureOf(rollbackApp({ ...settings, IMAGE_ID: image }, ports))
      assert.match(error.message, words)
      assert.deepEqual([stacks.planned, kept()], [[], undefined])
    }
    const same = world([])
    assert.equal(await rollbackApp({ ...settings, IMAGE_ID: id(4) }, same.ports), 0)
    assert.match(same.terminal.shown.at(-1)!, /runs ami-4{17} already$/)
  })

  it('takes no image that cannot be decrypted (B25)', async () => {
    const { ports, region, terminal } = world(['yes'])
    region.held.images.set(id(2), facts(2, { encrypted: ['snap-2'] }))
    const keyed = {
      ...ports,
      images: { ...ports.images, snapshotKeys: () => Promise.resolve(new Map([['snap-2', 'arn:key']])) },
      keys: { ...ports.keys, find: () => Promise.resolve({ arn: 'arn:key', state: 'PendingDeletion' }) },
    }
    assert.equal(await rollbackApp(settings, keyed), 0)
    assert.match(terminal.shown[0]!, /cannot be decrypted: the key arn:key is\n +pending deletion/)
    assert.match(terminal.asked[0]!, /back to ami-1{17}/)
  })

  it('goes further back the second time', async () => {
    const { ports, kept } = world(['yes'], { runs: 2 })
    await rollbackApp(settings, ports)
    assert.equal(kept()?.image, id(1))
  })

  it('wants a reason for production, before it looks at anything, and keeps none elsewhere', async () => {
    const { ports } = world(['yes'])
    const { REASON: _, ...without } = settings
    const error = await failureOf(rollbackApp(without, ports))
    assert.equal(error.code, 'USAGE')
    assert.match(error.remedy, /make rollback-app ENV=production REPO=shop BRANCH=main REASON="/)
  })

  it('changes and keeps nothing where the answer is no, or nobody is there to say yes', async () => {
    const { ports, stacks, kept, terminal } = world(['no'])
    assert.equal(await rollbackApp(settings, ports), 1)
    assert.match(terminal.shown.at(-1)!, /nothing was changed$/)
    assert.deepEqual([stacks.executed, stacks.discarded.length, kept()], [[], 1, undefined])
    assert.equal((await failureOf(rollbackApp(settings, world([]).ports))).code, 'NOT_CONFIRMED')
  })

  it('keeps what was so before when CloudFormation goes back by itself', async () => {
    const { ports, region, kept } = world(['yes', 'yes'], { failing: { [name]: 'no room' } })
    assert.equal((await failureOf(rollbackApp(settings, ports))).code, 'STACK_FAILED')
    assert.equal(kept(), undefined)
    const earlier = JSON.stringify({ image: 'earlier' })
    region.held.parameters.set(place, earlier)
    await failureOf(rollbackApp(settings, ports))
    assert.equal(region.held.parameters.get(place), earlier)
  })

  it('is kept where only the monitoring was broken off: it goes on in CloudFormation', async () => {
    const { ports, kept } = world(['yes'])
    const stopped = { ...ports, clock: { ...ports.clock, sleep: () => Promise.reject(interrupted()) } }
    assert.equal((await failureOf(rollbackApp(settings, stopped))).code, 'INTERRUPTED')
    assert.equal(kept()?.image, id(2))
  })

  it('says so where nothing usable ran before', async () => {
    const { ports, region } = world(['yes'])
    for (const number of [1, 2]) region.held.images.delete(id(number))
    const { message } = await failureOf(rollbackApp(settings, ports))
    assert.match(
      message,
      /^Nothing that ran in production before can be launched from any more:\n( {2}- its image ami-.*\n?){3}$/,
    )
  })

  it('says so where nothing ran before, or where no pipeline tells', async () => {
    const oldest = await failureOf(rollbackApp(settings, world(['yes'], { runs: 1 }).ports))
    assert.match(oldest.message, /^Nothing is known that ran in production before what runs there now\.$/)
    const alone = world(['yes'])
    alone.stacks.states.delete('acme-shop-pipeline-shop-main')
    const error = await failureOf(rollbackApp(settings, alone.ports))
    assert.match(error.message, /^Nothing is known that ran in production before/)
    assert.match(error.remedy, /make update-app ENV=production REPO=shop BRANCH=main IMAGE=ami-\.\.\.$/)
  })
})
