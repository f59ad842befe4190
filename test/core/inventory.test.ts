import assert from 'node:assert/strict'
import { deletionWaves, isEmpty } from '../../scripts/core/inventory.ts'
import { stackState } from '../fakes/stacks.ts'

describe('inventory', () => {
  const named = (names: readonly (readonly { name: string }[])[]): string[][] =>
    names.map((wave) => wave.map(({ name }) => name))
  const pipeline = stackState('p', 'CREATE_COMPLETE', { parameters: { Jobs: 'j', Artifacts: 'a-artifacts' } })
  const jobs = stackState('j', 'CREATE_COMPLETE', {
    parameters: { BuildFoundation: 'f1', Artifacts: 'a-artifacts' },
  })
  const earlier = stackState('old', 'CREATE_COMPLETE', { ...jobs, name: 'old', outputs: { PipelineName: 'old' } })
  const app = stackState('app', 'CREATE_COMPLETE', { parameters: { Foundation: 'f1', Jobs: 'j' } })
  const ground = stackState('f1')
  const artifacts = stackState('a-artifacts', 'CREATE_COMPLETE', { outputs: { DeployRoleArn: 'arn' } })

  it('goes pipelines, apps, the jobs that hold their roles, ground, and the artifacts last (R15)', () => {
    const { pipelines, before, last } = deletionWaves([artifacts, ground, app, jobs, pipeline, earlier])
    assert.deepEqual(named([pipelines, ...before]), [['p', 'old'], ['app'], ['j'], ['f1']])
    assert.deepEqual(named([last]), [['a-artifacts']])
  })

  it('knows the artifacts by name, too, when they have no outputs', () => {
    const { before, last } = deletionWaves([stackState('x-artifacts', 'ROLLBACK_COMPLETE')])
    assert.deepEqual([before, named([last])], [[], [['x-artifacts']]])
  })

  it('is empty only when nothing at all is there', () => {
    const nothing = { region: 'r', stacks: [], images: [], snapshots: [], instances: [], buckets: [], parameters: [] }
    assert.equal(isEmpty(nothing), true)
    assert.equal(isEmpty({ ...nothing, snapshots: ['snap-1'] }), false)
  })
})
