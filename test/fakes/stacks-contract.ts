import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { RigletError } from '../../scripts/core/errors.ts'
import type { Beginning, PlannedChanges, Stacks } from '../../scripts/core/ports/stacks.ts'
import type { Clock } from '../../scripts/core/ports/local/clock.ts'
import type { StackEvent } from '../../scripts/core/stack/events.ts'
import { digestOf } from '../../scripts/core/stack/decide/digest.ts'
import { isOfStack } from '../../scripts/core/stack/events.ts'
import { isTerminal } from '../../scripts/core/stack/state.ts'
import type { DesiredStack } from '../../scripts/core/stack/desired.ts'

const template = (display: string): string =>
  JSON.stringify({
    Parameters: { Digest: { Type: 'String', Default: '' } },
    Resources: { Thing: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: display } } },
  })

export const desiredTopic = (name: string, display: string): DesiredStack => ({
  name,
  title: name,
  file: 'topic.json',
  template: template(display),
  parameters: {},
  tags: { Owner: 'contract', Name: name },
  capabilities: [],
})

/** What every Stacks port does, CloudFormation's and the fake's: the fake may be believed where both pass. */
export function stacksContract(ports: () => { readonly stacks: Stacks; readonly clock: Clock }): void {
  const end = async (stackId: string, beginning: Beginning): Promise<readonly StackEvent[]> => {
    const { stacks, clock } = ports()
    const events: StackEvent[] = []
    for (let polls = 0; polls < 300; polls += 1) {
      events.push(...(await stacks.events(stackId, beginning, events.at(-1)?.id)))
      const last = events.findLast((event) => isOfStack(event, stackId))
      if (last !== undefined && isTerminal(last.status)) return events
      await clock.sleep(100)
    }
    assert.fail('the operation did not end')
  }
  const planned = async (desired: DesiredStack): Promise<PlannedChanges> => {
    const { stacks } = ports()
    const plan = await stacks.plan(desired, await stacks.find(desired.name))
    assert.ok(plan.type === 'changes')
    return plan
  }
  const made = async (desired: DesiredStack): Promise<string> => {
    const plan = await planned(desired)
    await end(plan.stackId, { type: 'token', token: await ports().stacks.execute(plan) })
    return plan.stackId
  }

  describe('stacks', () => {
    it('are undefined when they do not exist', async () => {
      assert.equal(await ports().stacks.find('contract-none'), undefined)
    })

    it('are empty after a first plan, and gone when it is discarded', async () => {
      const { stacks } = ports()
      const plan = await planned(desiredTopic('contract-first', 'a'))
      assert.equal(plan.operation, 'create')
      assert.deepEqual(
        plan.changes.map(({ logicalId, action }) => [logicalId, action]),
        [['Thing', 'add']],
      )
      assert.equal((await stacks.find('contract-first'))?.status, 'REVIEW_IN_PROGRESS')
      await stacks.discard(plan)
      assert.equal(await stacks.find('contract-first'), undefined)
    })

    it('are created by the change set that was planned, with events oldest first', async () => {
      const { stacks } = ports()
      const desired = desiredTopic('contract-created', 'a')
      const plan = await planned(desired)
      const events = await end(plan.stackId, { type: 'token', token: await stacks.execute(plan) })
      assert.equal(events[0]!.status, 'CREATE_IN_PROGRESS')
      assert.ok(isOfStack(events[0]!, plan.stackId))
      assert.ok(events.some(({ logicalId, status }) => logicalId === 'Thing' && status === 'CREATE_COMPLETE'))
      const state = await stacks.find(desired.name)
      assert.equal(state?.status, 'CREATE_COMPLETE')
      assert.equal(state.id, plan.stackId)
      assert.ok(state.parameters['Digest']?.startsWith(digestOf(desired)))
    })

    it('are found by their tags', async () => {
      const { stacks } = ports()
      await made(desiredTopic('contract-tagged', 'a'))
      const found = await stacks.list({ Owner: 'contract', Name: 'contract-tagged' })
      assert.deepEqual(
        found.map(({ name }) => name),
        ['contract-tagged'],
      )
    })

    it('tell the events of an operation only, whoever began it', async () => {
      const { stacks } = ports()
      const id = await made(desiredTopic('contract-events', 'a'))
      const plan = await planned(desiredTopic('contract-events', 'b'))
      assert.equal(plan.operation, 'update')
      const token = await stacks.execute(plan)
      const events = await end(id, { type: 'token', token })
      assert.equal(events[0]!.status, 'UPDATE_IN_PROGRESS')
      assert.deepEqual(
        (await stacks.events(id, { type: 'latest' })).map((event) => event.id),
        events.map((event) => event.id),
      )
      assert.deepEqual(await stacks.events(id, { type: 'token', token: 'nobody' }), [])
      assert.deepEqual(await stacks.events(id, { type: 'token', token }, events.at(-1)!.id), [])
    })

    it('refuse a plan that somebody overtook', async () => {
      const { stacks } = ports()
      const id = await made(desiredTopic('contract-overtaken', 'a'))
      const slow = await planned(desiredTopic('contract-overtaken', 'b'))
      const quick = await planned(desiredTopic('contract-overtaken', 'c'))
      await end(id, { type: 'token', token: await stacks.execute(quick) })
      await assert.rejects(stacks.execute(slow), ({ code }: RigletError) => code === 'CHANGE_SET')
    })

    it('are gone when they were removed, and their events can still be read', async () => {
      const { stacks } = ports()
      const id = await made(desiredTopic('contract-removed', 'a'))
      const events = await end(id, { type: 'token', token: await stacks.remove(id) })
      assert.equal(events.at(-1)!.status, 'DELETE_COMPLETE')
      assert.equal(await stacks.find('contract-removed'), undefined)
    })
  })
}
