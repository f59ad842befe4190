import assert from 'node:assert/strict'
import { recoverApp, recoverEnvironment, recoverPipeline } from '../../../scripts/actions/recover/recover.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { stackType } from '../../../scripts/core/stack/events.ts'
import type { StackState } from '../../../scripts/core/stack/state.ts'
import { fakeStacks, idOf, stackState } from '../../fakes/stacks.ts'
import { settings, name, staging, resource, needingRecovery, world, rejected } from './support/recovery.ts'

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
