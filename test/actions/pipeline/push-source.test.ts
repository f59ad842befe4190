import assert from 'node:assert/strict'
import { pushSource } from '../../../scripts/actions/pipeline/push-source.ts'
import { readPushed } from '../../../scripts/actions/pipeline/read-pushed.ts'
import { interrupted } from '../../../scripts/core/errors.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { Relation } from '../../../scripts/core/source/git.ts'
import { fakeGit } from '../../fakes/checkout.ts'
import { fakeBuckets } from '../../fakes/image-ports.ts'
import { execution, fakePipelines } from '../../fakes/pipelines.ts'
import { fakeAccount, fakePorts, fakeRegion } from '../../fakes/regional.ts'
import { settings } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const commit = '9f3c2e1a'.repeat(5)

type Checkout = {
  readonly branch?: string | undefined
  readonly changed?: readonly string[]
  /** How the commit stands to the one that was pushed before. */
  readonly relation?: Relation
}

/** A riglet with a pipeline, and a checkout with nothing but commits of its branch. */
function world(checkout: Checkout = {}, ...answers: readonly ('yes' | 'no')[]) {
  const outputs = { SourceBucket: 'source' }
  const stacks = fakeStacks({ states: [stackState('acme-shop-artifacts', 'CREATE_COMPLETE', { outputs })] })
  const terminal = answering(...answers)
  const buckets = fakeBuckets()
  const pipelines = fakePipelines({ name: 'p', stages: [] })
  const ports = {
    ...fakePorts(terminal, fakeRegion({ stacks, pipelines })),
    buckets,
    account: fakeAccount(),
    git: {
      ...fakeGit(checkout.changed, commit),
      branch: () => Promise.resolve('branch' in checkout ? checkout.branch : 'main'),
      relation: () => Promise.resolve(checkout.relation ?? 'newer'),
    },
  }
  return { ports, terminal, pipelines, buckets, stacks }
}

describe('pushing', () => {
  it('names the execution that began with what was pushed', async () => {
    const { ports, terminal, pipelines } = world()
    pipelines.history = [execution('e2', { revisionId: '1' }), execution('e1', { revisionId: '0' })]
    await pushSource(settings, ports)
    assert.deepEqual(terminal.said, [
      'Pushed 9f3c2e1 "Ship it".',
      'Execution e2 has begun; `make watch-pipeline` monitors it.',
    ])
  })

  it('says after a minute that nothing has begun, and where to look', async () => {
    const { ports, terminal } = world()
    const began = ports.clock.now().getTime()
    await pushSource(settings, ports)
    assert.match(terminal.said.at(-1)!, /has not begun within a minute; `make status`/)
    assert.ok(ports.clock.now().getTime() - began < 70_000)
  })

  it('tells the pipeline with the object, not in it, which commit it is and who sent it', async () => {
    const { ports, pipelines, buckets } = world()
    pipelines.history = [execution('e2', { revisionId: '1' })]
    await pushSource(settings, ports)
    const said = await readPushed({ ...settings, SOURCE_BUCKET: 'source', SOURCE_VERSION: '1' }, { buckets })
    const pusher = 'arn:aws:iam::123456789012:user/ada'
    assert.deepEqual(said, { commit, message: 'Ship it', author: 'a', pusher })
  })

  it('lets no job take a source that nobody named', async () => {
    const { ports } = world()
    await assert.rejects(readPushed({ ...settings, SOURCE_BUCKET: 'source', SOURCE_VERSION: '1' }, ports), {
      message: /^Nobody said which commit source\/shop\/main\/source\.zip \(version 1\) is/,
    })
  })

  it('says at Ctrl-C that the push stands, and how to go on', async () => {
    const { ports } = world()
    const stopped = { ...ports, clock: { ...ports.clock, sleep: () => Promise.reject(interrupted()) } }
    await assert.rejects(pushSource(settings, stopped), (error: RigletError) => {
      assert.equal(error.exitCode, 130)
      assert.match(error.message, /9f3c2e1 is pushed, and the pipeline acme-shop-pipeline-shop-main begins/)
      assert.match(error.remedy, /make watch-pipeline/)
      return true
    })
  })

  const key = 'source/shop/main/source.zip'
  const before = { 'riglet-commit': '4d1a90b7c1' }
  const older = { 'codepipeline-artifact-revision-summary': '4d1a90b Begin' }
  const doubts: readonly [string, Checkout, Record<string, string> | undefined, RegExp][] = [
    ['another branch', { branch: 'feature/x' }, undefined, /checked out is feature\/x; the pipeline ships shop main/],
    ['a detached HEAD', { branch: undefined }, undefined, /No branch is checked out .*; the pipeline ships shop main/],
    ['an older commit', { relation: 'older' }, before, /^9f3c2e1 is older than 4d1a90b, which was pushed before/m],
    ['an older one, told the older way', { relation: 'older' }, older, /^9f3c2e1 is older than 4d1a90b/m],
    ['another line of commits', { relation: 'apart' }, before, /does not build on 4d1a90b/],
    ['a commit that is not here', { relation: 'unknown' }, before, /may not build on 4d1a90b.*does not have/],
  ]
  for (const [title, checkout, pushed, said] of doubts) {
    it(`says so and asks before it pushes ${title}`, async () => {
      const { ports, terminal, buckets } = world(checkout, 'no')
      if (pushed !== undefined) buckets.told.set(key, pushed)
      await pushSource(settings, ports)
      assert.match(terminal.said.join('\n'), said)
      assert.deepEqual(terminal.asked, ['Push 9f3c2e1 to the pipeline of shop main all the same?'])
      assert.equal(buckets.objects.size, 0)
    })
  }

  it('asks once for all of it', async () => {
    const { ports, terminal, buckets, pipelines } = world(
      { branch: 'x', relation: 'apart', changed: ['page.html'] },
      'yes',
    )
    buckets.told.set(key, before)
    pipelines.history = [execution('e2', { revisionId: '1' })]
    await pushSource(settings, ports)
    assert.equal(terminal.asked.length, 1)
    assert.ok(buckets.objects.has(key))
    assert.equal(buckets.told.get(key)!['riglet-commit'], commit)
  })

  for (const relation of ['same', 'newer'] as const)
    it(`asks nothing when the commit is ${relation === 'same' ? 'the one that was pushed' : 'one that builds on it'}`, async () => {
      const { ports, terminal, buckets, pipelines } = world({ relation })
      buckets.told.set(key, before)
      pipelines.history = [execution('e2', { revisionId: '1' })]
      await pushSource(settings, ports)
      assert.deepEqual(terminal.asked, [])
    })

  it('sends nothing to a pipeline that is another source’s', async () => {
    const { ports, stacks, buckets } = world()
    const name = 'acme-shop-pipeline-shop-main'
    stacks.states.set(name, stackState(name, 'CREATE_COMPLETE', { parameters: { Repo: 'blog', Branch: 'main' } }))
    await assert.rejects(
      pushSource(settings, ports),
      ({ code, message }: RigletError) => code === 'STACK_TAKEN' && /belongs to REPO=blog/.test(message),
    )
    assert.equal(buckets.objects.size, 0)
  })
})
