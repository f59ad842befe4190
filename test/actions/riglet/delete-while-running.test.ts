import assert from 'node:assert/strict'
import { deleteRiglet } from '../../../scripts/actions/riglet/delete-riglet.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { fakeRegion, type FakeRegion } from '../../fakes/regional.ts'
import { execution, fakePipelines } from '../../fakes/pipelines.ts'
import { settings, tags } from '../../fakes/riglet.ts'
import { fakeStacks, stackState, underWay } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'
import { theirs, ground, home, ports } from './support/whole-riglet.ts'

describe('delete-riglet', () => {
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
})
