import assert from 'node:assert/strict'
import { recoverApp, recoverEnvironment, recoverPipeline } from '../../../scripts/actions/recover/recover.ts'
import type { StackState } from '../../../scripts/core/stack/state.ts'
import { fakeStacks, idOf, stackState, type FakeStacks } from '../../fakes/stacks.ts'
import { settings, name, staging, inStaging, told, resource, world, rejected } from './support/recovery.ts'

describe('recovering a stack whose deletion failed', () => {
  const half = (stack: string, more: Partial<StackState> = {}): FakeStacks =>
    fakeStacks({
      states: [stackState(stack, 'DELETE_FAILED', more)],
      told: {
        [idOf(stack)]: [
          told(stack, stack, 'DELETE_IN_PROGRESS'),
          told(stack, 'Group', 'DELETE_FAILED', 'scaling activity in progress'),
          told(stack, stack, 'DELETE_FAILED'),
        ],
      },
      resources: { [stack]: [resource('Group', 'DELETE_FAILED'), resource('Rule', 'DELETE_COMPLETE')] },
    })

  it('deletes it again, and keeps what a person names (R15)', async () => {
    const { stacks, terminal, ports } = world(half(inStaging), {}, 'yes')
    assert.equal(await recoverApp({ ...staging, SKIP: 'Group' }, ports), 0)
    assert.match(
      terminal.shown[0]!,
      /first cause Group .*: scaling activity in\n\s+progress\n[^]*DELETED again[^]*kept {8}Group: Group-1 stays, and belongs to no stack/,
    )
    assert.deepEqual(stacks.kept, [`${inStaging} without Group`])
    assert.equal(stacks.states.has(inStaging), false)
    assert.match(terminal.shown[1]!, /what could not be deleted is gone\nNext: make create-app ENV=staging/)
  })

  it('wants its name typed in production, and lifts the protection that riglet gave it', async () => {
    const its = {
      parameters: { Foundation: 'f' },
      protected: true,
      tags: { Owner: 'acme', Project: 'shop', Environment: 'production' },
    }
    const wrong = world(half(name, its), {}, 'yes')
    assert.equal((await rejected(recoverApp(settings, wrong.ports), wrong.stacks)).code, 'NOT_CONFIRMED')
    const { stacks, terminal, ports } = world(half(name, its), {}, name)
    assert.equal(await recoverApp(settings, ports), 0)
    assert.deepEqual(terminal.asked, [`Type ${name} to delete it:`])
    assert.deepEqual(stacks.removed, [name])
  })

  it('does not delete what somebody else protected', async () => {
    const { stacks, ports } = world(half(inStaging, { protected: true }), {}, 'yes')
    assert.equal((await rejected(recoverApp(staging, ports), stacks)).code, 'STACK_PROTECTED')
  })

  it('empties a bucket that stands in the way, every version of it, and says so before (R16)', async () => {
    const jobs = 'acme-shop-jobs-shop-main'
    const resources = {
      [jobs]: [{ ...resource('ArtifactBucket', 'DELETE_FAILED', 'AWS::S3::Bucket'), physicalId: 'b' }],
    }
    const buckets = { b: { tags: {}, versions: 7 } }
    const states = [stackState(jobs, 'DELETE_FAILED')]
    const { region, terminal, ports } = world(fakeStacks({ states, resources }), { buckets }, 'no', 'yes')
    assert.equal(await recoverPipeline(settings, ports), 1)
    assert.equal(region.held.buckets.get('b')!.versions, 7)
    assert.equal(await recoverPipeline(settings, ports), 0)
    assert.match(
      terminal.shown[0]!,
      /emptied {5}ArtifactBucket: every version of every object in it is deleted\n\s+first/,
    )
    assert.equal(region.held.buckets.get('b')!.versions, 0)
  })

  it('deletes no environment while apps stand on it, and nothing that all pipelines share', async () => {
    const foundation = 'acme-shop-staging-foundation'
    const states = [
      stackState(foundation, 'DELETE_FAILED'),
      stackState(inStaging, 'CREATE_COMPLETE', { parameters: { Foundation: foundation } }),
    ]
    const standing = world(fakeStacks({ states }), {}, 'yes')
    const error = await rejected(recoverEnvironment(staging, standing.ports), standing.stacks)
    assert.match(`${error.message} ${error.remedy}`, /still used by acme-shop-staging-app.*make delete-environment/s)
    const shared = world(fakeStacks({ states: [stackState('acme-shop-artifacts', 'DELETE_FAILED')] }), {}, 'yes')
    assert.match((await rejected(recoverPipeline(settings, shared.ports), shared.stacks)).remedy, /make delete-riglet$/)
  })
})
