import assert from 'node:assert/strict'
import { deleteRiglet } from '../../../scripts/actions/riglet/delete-riglet.ts'
import { RigletError } from '../../../scripts/core/errors.ts'
import { fakeAccount, fakePorts, fakeRegion, imageFacts, type FakeRegion } from '../../fakes/regional.ts'
import { execution, fakePipelines } from '../../fakes/pipelines.ts'
import { settings, tags } from '../../fakes/riglet.ts'
import { fakeStacks, stackState, underWay } from '../../fakes/stacks.ts'
import { answering, type FakeTerminal } from '../../fakes/terminal.ts'

const theirs = { Owner: 'acme', Project: 'blog' }
const ground = 'acme-shop-integration-foundation'

const home = (protectedGround = false): FakeRegion =>
  fakeRegion({
    stacks: fakeStacks({
      states: [
        stackState('acme-shop-artifacts', 'CREATE_COMPLETE', { tags, outputs: { DeployRoleArn: 'arn' } }),
        stackState(ground, 'CREATE_COMPLETE', { tags, protected: protectedGround }),
        stackState('acme-shop-integration-app-shop-main', 'UPDATE_COMPLETE', {
          tags,
          parameters: { Foundation: ground },
        }),
        stackState('acme-shop-pipeline-shop-main', 'CREATE_COMPLETE', {
          tags,
          parameters: { Jobs: 'acme-shop-jobs-shop-main' },
        }),
        stackState('acme-blog-artifacts', 'CREATE_COMPLETE', { tags: theirs }),
      ],
    }),
    images: [imageFacts('ami-ours', { tags }), imageFacts('ami-theirs', { tags: theirs })],
    snapshots: { 'snap-ours': tags, 'snap-theirs': theirs },
    instances: { 'i-ours': tags, 'i-theirs': theirs },
    buckets: {
      'acme-shop-artifacts-source': { tags, versions: 7 },
      'acme-blog-artifacts-source': { tags: theirs, versions: 2 },
    },
    parameters: { '/acme/shop/REPO': 'shop', '/acme/blog/REPO': 'blog' },
  })

const away = (): FakeRegion =>
  fakeRegion({ images: [imageFacts('ami-copy', { tags })], parameters: { '/acme/shop/latest': 'ami-copy' } })

const ports = (terminal: FakeTerminal, here: FakeRegion, there = fakeRegion()) =>
  fakePorts(terminal, here, {
    account: fakeAccount({ regions: ['eu-central-1', 'us-east-1'] }),
    elsewhere: { 'eu-central-1': here, 'us-east-1': there },
  })

describe('delete-riglet', () => {
  it('takes a stack that holds only a plan and shows no tags, by its name; not another riglet’s (R14)', async () => {
    const here = fakeRegion({
      stacks: fakeStacks({
        states: [
          stackState('acme-shop-artifacts', 'CREATE_COMPLETE', { tags }),
          stackState('acme-shop-production-foundation', 'REVIEW_IN_PROGRESS', { tags: {} }),
          stackState('acme-shop-two-production-foundation', 'REVIEW_IN_PROGRESS', { tags: {} }),
        ],
      }),
    })
    await deleteRiglet(settings, ports(answering('acme-shop'), here))
    assert.deepEqual([...here.stacks.states.keys()], ['acme-shop-two-production-foundation'])
  })

  it('takes everything of the riglet in every region, and nothing else (R14)', async () => {
    const [here, there] = [home(), away()]
    const terminal = answering('acme-shop')
    await deleteRiglet(settings, ports(terminal, here, there))
    assert.deepEqual([...here.stacks.states.keys()], ['acme-blog-artifacts'])
    assert.deepEqual([...here.held.images.keys()], ['ami-theirs'])
    assert.deepEqual([...here.held.snapshots.keys()], ['snap-theirs'])
    assert.deepEqual([...here.held.instances.keys()], ['i-theirs'])
    assert.deepEqual([...here.held.buckets.keys()], ['acme-blog-artifacts-source'])
    assert.deepEqual([...here.held.parameters.keys()], ['/acme/blog/REPO'])
    assert.equal(there.held.images.size, 0)
    assert.equal(there.held.parameters.size, 0)
    assert.match(terminal.shown[0]!, /All of acme-shop will be DELETED, and cannot be brought back/)
    assert.match(terminal.shown[0]!, /us-east-1:\n! - image ami-copy/)
  })

  it('takes pipelines first, apps before their ground, and the deploy role last (R15)', async () => {
    const here = home()
    await deleteRiglet(settings, ports(answering('acme-shop'), here))
    assert.deepEqual(here.stacks.removed, [
      'acme-shop-pipeline-shop-main',
      'acme-shop-integration-app-shop-main',
      ground,
      'acme-shop-artifacts',
    ])
  })

  it('deletes nothing unless the name is typed: a yes is not enough (R17)', async () => {
    for (const [terminal, more] of [
      [answering('yes'), {}],
      [answering(), { YES: '1' }],
      [answering(), { RIGLET: 'acme-blog' }],
    ] as const) {
      const here = home()
      const work = deleteRiglet({ ...settings, ...more }, ports(terminal, here))
      await assert.rejects(
        work,
        ({ code, remedy }: RigletError) => code === 'NOT_CONFIRMED' && /RIGLET=acme-shop/.test(remedy),
      )
      assert.deepEqual(here.stacks.removed, [])
      assert.equal(here.held.images.size, 2)
    }
  })

  it('takes the name from a setting where there is no terminal', async () => {
    const here = home()
    await deleteRiglet({ ...settings, RIGLET: 'acme-shop' }, ports(answering(), here))
    assert.equal(here.stacks.removed.length, 4)
  })

  it('deletes nothing while one of the stacks is protected', async () => {
    const here = home(true)
    const work = deleteRiglet(settings, ports(answering('acme-shop'), here))
    await assert.rejects(
      work,
      ({ code, remedy }: RigletError) =>
        code === 'STACK_PROTECTED' && /--stack-name \S+ --region eu-central-1 --profile acme$/.test(remedy),
    )
    assert.deepEqual(here.stacks.removed, [])
  })

  it('goes on where a region is closed to us, and says which (R14)', async () => {
    const here = home()
    const closed = fakeRegion()
    const denied = new RigletError('ACCESS_DENIED', 'not in this region')
    const there = { ...closed, stacks: { ...closed.stacks, list: () => Promise.reject(denied) } }
    const terminal = answering('acme-shop')
    await deleteRiglet(settings, ports(terminal, here, there))
    assert.ok(terminal.said.includes('Not looked at, for lack of rights: us-east-1'))
    assert.equal(here.stacks.removed.length, 4)
    await assert.rejects(deleteRiglet({ ...settings, REGION: 'us-east-1' }, ports(answering(), here, there)), denied)
  })

  describe('with builder machines that a killed bake left in the build subnet', () => {
    const builder = { ...tags, Builder: 'bake', BuiltFor: 'pipeline shop main' }
    const verifier = { ...tags, Builder: 'verify', BuiltFor: 'hand shop main' }

    /** Like AWS, it keeps a network for as long as a machine stands in it or is on its way out. */
    const occupied = (status = 'CREATE_COMPLETE', withPipeline = true): FakeRegion => {
      const failing = {
        get [ground](): string | undefined {
          const { instances, ending } = region.held
          const machines = [...instances, ...[...ending].map(([id, { tags: has }]) => [id, has] as const)]
          const holding = machines.filter(([, has]) => 'Builder' in has && has['Project'] === 'shop')
          return holding.length > 0 ? `BuildSubnet has dependencies: ${String(holding[0]![0])}` : undefined
        },
      } as Record<string, string>
      const states = [
        stackState('acme-shop-artifacts', 'CREATE_COMPLETE', { tags }),
        stackState(ground, status, { tags }),
        ...(withPipeline
          ? [stackState(pipeline, 'CREATE_COMPLETE', { tags, parameters: { Jobs: 'acme-shop-jobs-shop-main' } })]
          : []),
      ]
      const region: FakeRegion = fakeRegion({
        stacks: fakeStacks({ states, failing }),
        instances: {
          'i-bake': builder,
          'i-verify': verifier,
          'i-of-an-app': { ...tags, App: 'shop-main' },
          'i-theirs': { ...builder, ...theirs },
        },
        keys: { packer_1: builder, packer_theirs: { ...builder, ...theirs }, mine: tags },
      })
      return region
    }
    const pipeline = 'acme-shop-pipeline-shop-main'

    it('ends them and waits until they are gone, before it deletes that network', async () => {
      const here = occupied()
      const terminal = answering('acme-shop')
      const terminated: string[][] = []
      const { terminate } = here.images
      const images = {
        ...here.images,
        terminate: (ids: readonly string[]) => {
          terminated.push([...ids, `with ${here.stacks.removed.join(', ')} deleted`])
          return terminate(ids)
        },
      }
      await deleteRiglet(settings, ports(terminal, { ...here, images }))
      assert.deepEqual(terminated[0], ['i-bake', 'i-verify', `with ${pipeline} deleted`])
      assert.deepEqual([...here.stacks.states.keys()], [])
      assert.ok(here.held.instances.has('i-theirs'))
      assert.deepEqual([...here.held.keys.keys()], ['packer_theirs', 'mine'])
      assert.ok(terminal.said.some((line) => /i-bake, i-verify/.test(line)))
    })

    it('does so in a second run, too, whose pipelines are gone already', async () => {
      const here = occupied('DELETE_FAILED', false)
      await deleteRiglet(settings, ports(answering('acme-shop'), here))
      assert.deepEqual([...here.stacks.states.keys()], [])
    })

    it('waits for those that are on their way out already', async () => {
      const here = occupied()
      await here.images.terminate(['i-bake', 'i-verify'])
      await deleteRiglet(settings, ports(answering('acme-shop'), here))
      assert.deepEqual([...here.stacks.states.keys()], [])
    })

    it('names the machine that does not end, and deletes no network', async () => {
      const here = occupied()
      const images = { ...here.images, terminate: () => Promise.resolve() }
      const work = deleteRiglet(settings, ports(answering('acme-shop'), { ...here, images }))
      await assert.rejects(
        work,
        ({ code, message }: RigletError) => code === 'WAIT_TOO_LONG' && /i-bake, i-verify/.test(message),
      )
      assert.deepEqual(here.stacks.removed, [pipeline])
    })
  })

  it('stops executions and builds that are under way, and waits for their end, before it takes their pipeline', async () => {
    const pipeline = 'acme-shop-pipeline-shop-main'
    const pipelines = fakePipelines({ name: pipeline, stages: [] })
    pipelines.history = [
      execution('e3'),
      execution('e2', { status: 'Stopping' }),
      execution('e1', { status: 'Failed' }),
    ]
    const resources = [
      { logicalId: 'BakeProject', physicalId: 'bake', type: 'AWS::CodeBuild::Project', status: 'CREATE_COMPLETE' },
      { logicalId: 'BakeRole', physicalId: 'role', type: 'AWS::IAM::Role', status: 'CREATE_COMPLETE' },
    ]
    const here = fakeRegion({
      pipelines,
      stacks: fakeStacks({
        states: [stackState(pipeline, 'CREATE_COMPLETE', { tags, parameters: { Jobs: 'acme-shop-jobs-shop-main' } })],
        resources: { [pipeline]: resources },
      }),
    })
    pipelines.builds = 2
    const left: number[] = []
    const remove = (id: string): Promise<string> => {
      left.push(pipelines.builds)
      return here.stacks.remove(id)
    }
    await deleteRiglet(settings, ports(answering('acme-shop'), { ...here, stacks: { ...here.stacks, remove } }))
    assert.deepEqual(pipelines.stopped, ['e3', 'e2', 'bake', 'bake'])
    assert.deepEqual(left, [0], 'a build lost its role before it had ended')
  })

  it('asks nothing of a pipeline that is being deleted already: it may be gone at any moment', async () => {
    const pipelines = { ...fakePipelines(), state: () => Promise.reject(new Error('asked')) }
    const leaving = stackState('acme-shop-pipeline-shop-main', 'CREATE_COMPLETE', {
      tags,
      parameters: { BuildFoundation: ground },
    })
    const stacks = fakeStacks({ states: [leaving] })
    underWay(stacks, leaving.name)
    await deleteRiglet(settings, ports(answering('acme-shop'), fakeRegion({ pipelines, stacks })))
    assert.equal(stacks.states.size, 0)
  })

  it('takes an app, too, that the pipeline deployed while the name was being typed', async () => {
    const here = home()
    const terminal = answering('acme-shop')
    const late = stackState('acme-shop-staging-app-shop-main', 'CREATE_COMPLETE', {
      tags,
      parameters: { Foundation: 'acme-shop-staging-foundation' },
    })
    const ask = (question: string, fallback?: string): Promise<string> => {
      here.stacks.states.set(late.name, late)
      return terminal.ask(question, fallback)
    }
    await deleteRiglet(settings, ports({ ...terminal, ask }, here))
    assert.deepEqual([...here.stacks.states.keys()], ['acme-blog-artifacts'])
  })

  it('says so when there is nothing, and a second run finds nothing', async () => {
    const here = home()
    await deleteRiglet(settings, ports(answering('acme-shop'), here))
    const terminal = answering()
    await deleteRiglet(settings, ports(terminal, here))
    assert.deepEqual(terminal.shown, ['acme-shop: there is nothing to delete'])
  })
})
