import assert from 'node:assert/strict'
import { recoverApp, recoverEnvironment, recoverPipeline } from '../../../scripts/actions/recover/recover.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { StackResource } from '../../../scripts/core/ports/stacks.ts'
import { stackType, type StackEvent } from '../../../scripts/core/stack/events.ts'
import type { StackState } from '../../../scripts/core/stack/state.ts'
import { fakePorts, fakeRegion, type World } from '../../fakes/regional.ts'
import { fakeStacks, idOf, stackState, type FakeStacks, type FakeStacksOptions } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const settings = {
  ...{ OWNER: 'acme', PROJECT: 'shop', REGION: 'eu-central-1', REPO: 'shop', BRANCH: 'main', ENV: 'production' },
} as const
const name = 'acme-shop-production-app-shop-main'
const staging = { ...settings, ENV: 'staging' }
const inStaging = 'acme-shop-staging-app-shop-main'

const told = (stack: string, logicalId: string, status: string, reason?: string): StackEvent => ({
  id: `${stack} ${logicalId} ${status}`,
  time: new Date(0),
  logicalId,
  physicalId: logicalId === stack ? idOf(stack) : `${logicalId}-1`,
  resourceType: logicalId === stack ? stackType : 'AWS::AutoScaling::AutoScalingGroup',
  status,
  reason,
})
const resource = (logicalId: string, status: string, type = 'AWS::AutoScaling::AutoScalingGroup'): StackResource => ({
  ...{ logicalId, physicalId: `${logicalId}-1`, type, status },
})

/** A stack whose update failed at Template, and whose roll-back then failed at Group. */
const needingRecovery = (stack: string, more: FakeStacksOptions = {}): FakeStacks =>
  fakeStacks({
    states: [stackState(stack, 'UPDATE_ROLLBACK_FAILED', { statusReason: 'failed to update: [Group]' })],
    told: {
      [idOf(stack)]: [
        told(stack, stack, 'UPDATE_IN_PROGRESS', 'User Initiated'),
        told(stack, 'Template', 'UPDATE_FAILED', 'no such image'),
        told(stack, stack, 'UPDATE_ROLLBACK_IN_PROGRESS'),
        told(stack, 'Group', 'UPDATE_FAILED', 'the alarm is on'),
        told(stack, stack, 'UPDATE_ROLLBACK_FAILED', 'failed to update: [Group]'),
      ],
    },
    resources: { [stack]: [resource('Template', 'UPDATE_COMPLETE'), resource('Group', 'UPDATE_FAILED')] },
    ...more,
  })

const world = (stacks: FakeStacks, more: World = {}, ...answers: readonly string[]) => {
  const terminal = answering(...answers)
  const region = fakeRegion({ stacks, ...more })
  return { stacks, terminal, region, ports: fakePorts(terminal, region) }
}
const rejected = async (work: Promise<number>, stacks: FakeStacks): Promise<RigletError> => {
  const error = await work.then(
    () => assert.fail('it was taken'),
    (caught: unknown) => caught as RigletError,
  )
  assert.deepEqual([stacks.removed, stacks.rollbacks], [[], []])
  return error
}

describe('recovering a stack whose roll-back failed', () => {
  it('shows what failed and why, what is tried, asks, monitors it and names what comes next (B23)', async () => {
    const { stacks, terminal, ports } = world(needingRecovery(name), {}, 'yes')
    assert.equal(await recoverApp(settings, ports), 0)
    assert.equal(
      terminal.shown[0],
      `${name} is UPDATE_ROLLBACK_FAILED
  first cause Template (AWS::AutoScaling::AutoScalingGroup): no such image
  failed      Group (auto scaling group): the alarm is on
  now         CloudFormation goes on rolling back to what was there before
              (ContinueUpdateRollback)`,
    )
    assert.deepEqual(terminal.asked, ['Recover acme-shop production shop-main?'])
    assert.deepEqual(stacks.rollbacks, [name])
    assert.equal(stacks.states.get(name)!.status, 'UPDATE_ROLLBACK_COMPLETE')
    assert.deepEqual(terminal.said.at(-1), `${name}: rolled back`)
    assert.match(
      terminal.shown[1]!,
      /: recovered, it is as it was before the update\nNext: make plan-app ENV=production/,
    )
  })

  it('changes nothing where the answer is no, or where there is nobody to ask (R17)', async () => {
    const { stacks, terminal, ports } = world(needingRecovery(name), {}, 'no')
    assert.equal(await recoverApp(settings, ports), 1)
    assert.match(terminal.shown.at(-1)!, /nothing was changed$/)
    assert.deepEqual(stacks.rollbacks, [])
    const silent = world(needingRecovery(name))
    assert.equal((await rejected(recoverApp(settings, silent.ports), silent.stacks)).code, 'NOT_CONFIRMED')
  })

  it('skips what a person names, says so before and after, and never anything else', async () => {
    const { stacks, terminal, ports } = world(needingRecovery(name), {}, 'yes')
    await recoverApp({ ...settings, SKIP: 'Group' }, ports)
    assert.match(terminal.shown[0]!, /\n {2}skipped {5}Group: stays as it is now, whatever the stack says of it/)
    assert.deepEqual(stacks.rollbacks, [`${name} without Group`])
    assert.match(terminal.said.at(-1)!, /^Of Group the stack says what may not be so.*make drift ENV=production$/)
  })

  it('refuses a name of what did not fail, and tells those that did', async () => {
    const { stacks, ports } = world(needingRecovery(name), {}, 'yes')
    const error = await rejected(recoverApp({ ...settings, SKIP: 'Template,Rule' }, ports), stacks)
    assert.equal(error.code, 'USAGE')
    assert.match(
      error.message,
      /^SKIP: Template is none of the resources that failed, which are Group\.\nSKIP: Rule is none/,
    )
  })

  it('skips what failed in a nested stack by the name that CloudFormation takes', async () => {
    const nested = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/acme-Nested-X1/2'
    const resources = {
      [name]: [{ ...resource('Nested', 'UPDATE_FAILED', stackType), physicalId: nested }],
      [nested]: [resource('Thing', 'UPDATE_FAILED'), resource('Other', 'UPDATE_COMPLETE')],
    }
    const { stacks, terminal, ports } = world(needingRecovery(name, { resources }), {}, 'yes')
    await recoverApp({ ...settings, SKIP: 'acme-Nested-X1.Thing' }, ports)
    assert.deepEqual(stacks.rollbacks, [`${name} without acme-Nested-X1.Thing`])
    assert.doesNotMatch(terminal.shown[0]!, /Other/)
  })

  it('tells why it failed again, and what a person may name', async () => {
    const { ports, terminal } = world(needingRecovery(name, { failing: { [name]: 'still no room' } }), {}, 'yes')
    await assert.rejects(recoverApp(settings, ports), (error: RigletError) => {
      assert.match(error.message, /was not rolled back: Thing \(AWS::SNS::Topic\): still no room; the roll-back failed/)
      assert.match(
        error.remedy,
        /^Put right what it names, then: make recover-app ENV=production .*\n.*SKIP=\.\.\. \(of Group\)$/,
      )
      return true
    })
    assert.equal(terminal.shown.length, 1)
  })

  it('goes on monitoring a roll-back that an earlier run began, and asks nothing', async () => {
    const stacks = needingRecovery(name)
    await stacks.continueRollback(idOf(name), [])
    const { terminal, ports } = world(stacks)
    assert.equal(await recoverApp(settings, ports), 0)
    assert.deepEqual([stacks.rollbacks, terminal.asked], [[name], []])
    assert.equal(stacks.states.get(name)!.status, 'UPDATE_ROLLBACK_COMPLETE')
  })

  it('mends what others stand on first', async () => {
    const of = (stack: string): StackState => stackState(stack, 'UPDATE_ROLLBACK_FAILED')
    const names = ['acme-shop-pipeline-shop-main', 'acme-shop-jobs-shop-main', 'acme-shop-artifacts']
    const { stacks, terminal, ports } = world(fakeStacks({ states: names.map(of) }), {}, 'yes')
    assert.equal(await recoverPipeline(settings, ports), 0)
    assert.deepEqual(stacks.rollbacks, names.toReversed())
    assert.equal(terminal.asked.length, 1)
  })
})

describe('recovering a stack whose update was left half-done', () => {
  it('rolls it back, and skips nothing', async () => {
    const foundation = 'acme-shop-staging-foundation'
    const states = [stackState(foundation, 'UPDATE_FAILED')]
    const resources = { [foundation]: [resource('Vpc', 'UPDATE_FAILED', 'AWS::EC2::VPC')] }
    const refused = world(fakeStacks({ states, resources }), {}, 'yes')
    const error = await rejected(recoverEnvironment({ ...staging, SKIP: 'Vpc' }, refused.ports), refused.stacks)
    assert.match(error.message, /Vpc cannot be left alone: acme-shop-staging-foundation is UPDATE_FAILED/)
    const { stacks, terminal, ports } = world(fakeStacks({ states, resources }), {}, 'yes')
    assert.equal(await recoverEnvironment(staging, ports), 0)
    assert.match(terminal.shown[0]!, /\(RollbackStack\)/)
    assert.deepEqual(stacks.rollbacks, [foundation])
  })
})

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

  it('wants its name typed in production, and lifts the protection that riglet gave it (R13)', async () => {
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

  it('does not delete what somebody else protected (R13)', async () => {
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

describe('recovering an app', () => {
  it('shows and deletes a stack whose first deployment failed, once a person says yes', async () => {
    const { stacks, terminal, ports } = world(
      fakeStacks({ states: [stackState(name, 'ROLLBACK_COMPLETE')] }),
      {},
      'yes',
    )
    assert.equal(await recoverApp(settings, ports), 0)
    assert.deepEqual(stacks.removed, [name])
    assert.match(terminal.shown[0]!, /! - acme-shop-production-app-shop-main\n\nIt is ROLLBACK_COMPLETE/)
  })

  it('leaves it where the answer is no', async () => {
    const { stacks, ports } = world(fakeStacks({ states: [stackState(name, 'ROLLBACK_COMPLETE')] }), {}, 'no')
    assert.equal(await recoverApp(settings, ports), 1)
    assert.deepEqual(stacks.removed, [])
  })

  for (const status of ['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_IN_PROGRESS'])
    it(`does nothing to what needs nothing, and does not even ask: ${status}`, async () => {
      const { stacks, terminal, ports } = world(fakeStacks({ states: [stackState(name, status)] }), {}, 'yes')
      assert.equal(await recoverApp(settings, ports), 0)
      assert.deepEqual([stacks.removed, stacks.rollbacks, terminal.asked], [[], [], []])
      assert.match(terminal.shown[0]!, new RegExp(`nothing to recover, its stack is ${status}`))
    })

  it('says so where there is no stack', async () => {
    const { terminal, ports } = world(fakeStacks())
    assert.equal(await recoverApp(settings, ports), 0)
    assert.match(terminal.shown[0]!, /nothing to recover, there is no stack/)
  })

  it('touches no stack of somebody else', async () => {
    const { stacks, ports } = world(
      needingRecovery(name, {
        states: [stackState(name, 'UPDATE_ROLLBACK_FAILED', { tags: { Owner: 'eve', Project: 'shop' } })],
      }),
      {},
      'yes',
    )
    assert.equal((await rejected(recoverApp(settings, ports), stacks)).code, 'STACK_TAKEN')
  })
})
