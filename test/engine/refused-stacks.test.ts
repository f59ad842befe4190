import assert from 'node:assert/strict'
import { changeSetFailed, changeSetGone } from '../../scripts/core/stack/errors.ts'
import { fakeStacks, stackState, type FakeStacks } from '../fakes/stacks.ts'
import { answering } from '../fakes/terminal.ts'
import { failureOf } from '../support/failure.ts'
import { desired, web, convergence, create, run } from './support/converge.ts'

describe('converge-stacks', () => {
  it('leaves no plan behind when one of several cannot be made', async () => {
    const stacks = fakeStacks({ unplannable: { b: changeSetFailed('b', 'no such export') } })
    const error = await failureOf(run(stacks, answering('yes'), create, desired('a'), desired('b')))
    assert.match(error.message, /cannot plan b: no such export/)
    assert.deepEqual(stacks.discarded, stacks.planned)
    assert.equal(stacks.states.size, 0)
  })

  it('tells the first cause and the roll-back in one line when an update fails', async () => {
    const stacks = fakeStacks({ states: [stackState('web')], failing: { web: 'no room left' } })
    const error = await failureOf(run(stacks, answering('yes'), convergence))
    assert.equal(error.code, 'STACK_FAILED')
    assert.equal(
      error.message,
      'web was not updated: Thing (AWS::SNS::Topic): no room left; rolled back: it is as it was before',
    )
    assert.match(error.remedy, /make status-environment ENV=staging/)
  })

  it('finishes the others when one of several fails, and names the one', async () => {
    const stacks = fakeStacks({ failing: { a: 'no room left' } })
    const terminal = answering('yes')
    const error = await failureOf(run(stacks, terminal, create, desired('a'), desired('b')))
    assert.match(error.message, /^a was not created: /)
    assert.ok(terminal.said.includes('b: created'))
    assert.equal(stacks.states.get('b')!.status, 'CREATE_COMPLETE')
  })

  it('refuses while somebody else is changing the stack, and says where to look', async () => {
    const stacks = fakeStacks({ states: [stackState('web', 'UPDATE_IN_PROGRESS')] })
    const error = await failureOf(run(stacks, answering('yes'), convergence))
    assert.equal(error.code, 'STACK_BUSY')
    assert.match(error.message, /web is UPDATE_IN_PROGRESS: somebody else/)
    assert.match(error.remedy, /make status-environment ENV=staging/)
    assert.deepEqual(stacks.planned, [])
  })

  it('refuses a set that no longer holds, because somebody was quicker', async () => {
    const stacks = fakeStacks({
      states: [stackState('web')],
      meanwhile: (states) => states.set('web', stackState('web', 'UPDATE_COMPLETE')),
    })
    const error = await failureOf(run(stacks, answering('yes'), convergence))
    assert.equal(error.code, 'CHANGE_SET')
    assert.match(error.message, /changed by somebody else/)
  })

  it('removes what was not begun when one is refused, monitors what was, and tells both', async () => {
    const all = ['a', 'b', 'c', 'd'].map(desired)
    const fake = fakeStacks()
    const stacks: FakeStacks = {
      ...fake,
      execute: (plan) => (plan.stack === 'b' ? Promise.reject(changeSetGone('b')) : fake.execute(plan)),
    }
    const terminal = answering('yes')
    const { code, message, remedy } = await failureOf(run(stacks, terminal, create, ...all))
    assert.equal(code, 'CHANGE_SET')
    assert.equal(
      message,
      [
        'b was changed by somebody else since this plan was shown; the plan no longer holds.',
        'Not begun, and the plan removed: b, c, d',
        'Begun before that, and monitored to its end:',
        '  a: created',
      ].join('\n'),
    )
    assert.match(remedy, /Run the same command again/)
    assert.doesNotMatch(remedy, /Nothing was changed/)
    assert.deepEqual(stacks.discarded, stacks.planned.slice(1))
    assert.deepEqual(
      [...stacks.states.values()].map(({ name, status }) => `${name} ${status}`),
      ['a CREATE_COMPLETE'],
    )
  })

  it('tells that what was begun failed, too, and which plan could not be removed', async () => {
    const fake = fakeStacks({ failing: { a: 'no room left' } })
    const stacks: FakeStacks = {
      ...fake,
      execute: (plan) => (plan.stack === 'b' ? Promise.reject(changeSetGone('b')) : fake.execute(plan)),
      discard: (plan) => (plan.stack === 'b' ? Promise.reject(changeSetFailed('b', 'throttled')) : fake.discard(plan)),
    }
    const terminal = answering('yes')
    const { message } = await failureOf(run(stacks, terminal, create, ...['a', 'b', 'c'].map(desired)))
    assert.match(message, /Not begun, and the plan removed: c\n/)
    assert.match(message, /a was not created: Thing .*no room left/)
    assert.match(terminal.said.join('\n'), /b: its change set stays: .*throttled/)
  })

  it('leaves no other plan behind when the very first one is refused', async () => {
    const fake = fakeStacks()
    const stacks: FakeStacks = { ...fake, execute: ({ stack }) => Promise.reject(changeSetGone(stack)) }
    const { remedy } = await failureOf(run(stacks, answering('yes'), create, desired('a'), desired('b')))
    assert.match(remedy, /Nothing was changed/)
    assert.deepEqual(stacks.discarded, stacks.planned)
    assert.equal(stacks.states.size, 0)
  })

  it('names the way out where an alarm ended a roll-out, and nowhere else', async () => {
    const alarm = 'Instance refresh failed. The CloudWatch alarm web-ErrorAlarm-1 is in the ALARM state.'
    const remedyOf = async (web: string): Promise<string> =>
      (
        await failureOf(
          run(fakeStacks({ states: [stackState('web')], failing: { web } }), answering('yes'), convergence),
        )
      ).remedy
    assert.match(
      await remedyOf(alarm),
      /If the alarm was on before, and this was the fix: add ROLL_OUT_ALARMS=ignore\n/,
    )
    assert.doesNotMatch(await remedyOf('no room left'), /ROLL_OUT_ALARMS/)
  })

  it('explains UPDATE_ROLLBACK_FAILED and names the command that helps', async () => {
    const reason = 'The following resource(s) failed to update: [Group].'
    const stacks = fakeStacks({ states: [stackState('web', 'UPDATE_ROLLBACK_FAILED', { statusReason: reason })] })
    const error = await failureOf(run(stacks, answering('yes'), convergence))
    assert.equal(error.code, 'STACK_BROKEN')
    assert.ok(error.message.includes(reason))
    assert.match(error.remedy, /then: make recover-\S+/)
  })

  it('creates anew over the remains of a failed creation, once that is agreed to', async () => {
    const stacks = fakeStacks({ states: [stackState('web', 'ROLLBACK_COMPLETE')] })
    const terminal = answering('yes', 'yes')
    const outcome = await run(stacks, terminal, create)
    assert.equal(outcome.type, 'done')
    assert.deepEqual(stacks.removed, ['web'])
    assert.equal(stacks.states.get('web')!.status, 'CREATE_COMPLETE')
    assert.match(terminal.asked[0]!, /Delete these remains/)
  })

  it('keeps those remains when the answer is no', async () => {
    const stacks = fakeStacks({ states: [stackState('web', 'ROLLBACK_COMPLETE')] })
    const error = await failureOf(run(stacks, answering('no'), create))
    assert.equal(error.code, 'STACK_BROKEN')
    assert.deepEqual(stacks.removed, [])
  })

  it('does not update what does not exist, or never worked', async () => {
    const missing = await failureOf(run(fakeStacks(), answering('yes'), convergence))
    assert.match(missing.message, /There is no stack web/)
    assert.match(missing.remedy, /make create-environment ENV=staging/)
    const createFailed = fakeStacks({ states: [stackState('web', 'ROLLBACK_COMPLETE')] })
    const broken = await failureOf(run(createFailed, answering('yes'), convergence))
    assert.match(broken.message, /its creation failed/)
    assert.match(broken.remedy, /make create-environment ENV=staging/)
  })

  it('names file and line of a malformed template before anything is planned', async () => {
    const stacks = fakeStacks()
    const bad = { ...web, template: 'Resources:\n  A: [\n' }
    const error = await failureOf(run(stacks, answering('yes'), create, bad))
    assert.equal(error.code, 'TEMPLATE')
    assert.match(error.message, /^web\.yaml:\d+:\d+: /)
    assert.deepEqual(stacks.planned, [])
  })
})
