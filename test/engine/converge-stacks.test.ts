import assert from 'node:assert/strict'
import { convergeStacks, type Convergence } from '../../scripts/engine/converge-stacks.ts'
import { changeSetFailed, changeSetGone } from '../../scripts/core/stack/errors.ts'
import { commandsOf } from '../../scripts/core/commands.ts'
import type { RigletError } from '../../scripts/core/errors.ts'
import type { DesiredStack } from '../../scripts/core/stack/desired.ts'
import { fakePorts, fakeRegion } from '../fakes/regional.ts'
import { deployed, fakeStacks, stackState, type FakeStacks } from '../fakes/stacks.ts'
import { answering, type FakeTerminal } from '../fakes/terminal.ts'

const desired = (name: string): DesiredStack => ({
  name,
  title: name,
  file: `${name}.yaml`,
  template: 'Resources:\n  Thing: {}\n',
  parameters: { A: '1' },
  tags: {},
  capabilities: [],
})
const web = desired('web')
const convergence: Convergence = {
  purpose: 'update',
  question: 'Change it?',
  commands: commandsOf('environment', { ENV: 'staging' }),
}
const create: Convergence = { ...convergence, purpose: 'create' }

const run = (stacks: FakeStacks, terminal: FakeTerminal, how: Convergence, ...all: readonly DesiredStack[]) =>
  convergeStacks(all.length === 0 ? [web] : all, how, fakePorts(terminal, fakeRegion({ stacks })))

const failure = async (work: Promise<unknown>): Promise<RigletError> =>
  work.then(
    () => assert.fail('it succeeded'),
    (error: unknown) => error as RigletError,
  )

describe('converge-stacks', () => {
  it('executes the very change set that was shown (R46)', async () => {
    const stacks = fakeStacks({ states: [stackState('web')] })
    const terminal = answering('yes')
    const outcome = await run(stacks, terminal, convergence)
    assert.equal(outcome.type, 'done')
    assert.deepEqual(stacks.executed, stacks.planned)
    assert.match(terminal.shown[0]!, /web: 1 changed/)
    assert.deepEqual(terminal.asked, ['Change it?'])
  })

  it('needs one call, and nothing else, to say that a stack is in sync', async () => {
    const stacks = fakeStacks({ states: [deployed(web)] })
    const outcome = await run(stacks, answering(), convergence)
    assert.equal(outcome.type, 'unchanged')
    assert.deepEqual(stacks.calls, ['find web'])
  })

  it('says that nothing changes when CloudFormation finds nothing to do', async () => {
    const stacks = fakeStacks({ states: [stackState('web')], changes: { web: [] } })
    assert.equal((await run(stacks, answering(), convergence)).type, 'unchanged')
  })

  it('changes nothing when the answer is no, and removes the change set', async () => {
    const before = stackState('web')
    const stacks = fakeStacks({ states: [before] })
    const outcome = await run(stacks, answering('no'), convergence)
    assert.equal(outcome.type, 'declined')
    assert.deepEqual(stacks.discarded, stacks.planned)
    assert.deepEqual(stacks.executed, [])
    assert.equal(stacks.states.get('web'), before)
  })

  it('leaves no empty stack behind when a first plan is declined', async () => {
    const stacks = fakeStacks()
    assert.equal((await run(stacks, answering('no'), create)).type, 'declined')
    assert.equal(stacks.states.size, 0)
  })

  it('leaves no plan behind that could not be shown', async () => {
    const stacks = fakeStacks({ states: [stackState('web')] })
    const broken = {
      ...answering('yes'),
      show: () => {
        throw new Error('no such screen')
      },
    }
    assert.match((await failure(run(stacks, broken, convergence))).message, /no such screen/)
    assert.deepEqual(stacks.discarded, stacks.planned)
    assert.deepEqual(stacks.executed, [])
  })

  it('changes nothing where there is nobody to ask, and says how to say yes', async () => {
    const stacks = fakeStacks()
    const error = await failure(run(stacks, answering(), create))
    assert.equal(error.code, 'NOT_CONFIRMED')
    assert.match(error.remedy, /YES=1/)
    assert.equal(stacks.states.size, 0)
    assert.deepEqual(stacks.executed, [])
  })

  it('creates independent stacks at once, after one question', async () => {
    const stacks = fakeStacks()
    const terminal = answering('yes')
    const outcome = await run(stacks, terminal, create, desired('a'), desired('b'), desired('c'))
    assert.equal(outcome.type === 'done' && outcome.ends.length, 3)
    assert.equal(terminal.asked.length, 1)
    const began = stacks.calls.findIndex((call) => call.startsWith('events'))
    assert.deepEqual(stacks.calls.slice(began - 3, began), ['execute a', 'execute b', 'execute c'])
  })

  it('touches only what is not in sync', async () => {
    const stacks = fakeStacks({ states: [deployed(web)] })
    await run(stacks, answering('yes'), create, web, desired('b'))
    assert.deepEqual(stacks.planned.length, 1)
    assert.match(stacks.planned[0]!, /changeSet\/b/)
  })

  it('leaves what is there as it is where only what is missing was agreed to', async () => {
    const before = stackState('web')
    const stacks = fakeStacks({ states: [before] })
    const terminal = answering()
    const outcome = await run(stacks, terminal, { ...create, agreed: true }, web, desired('b'))
    assert.equal(outcome.type === 'done' && outcome.ends.length, 1)
    assert.equal(stacks.states.get('web'), before)
    assert.equal(stacks.states.get('b')!.status, 'CREATE_COMPLETE')
    assert.ok(!stacks.calls.includes('plan web'))
  })

  it('leaves no plan behind when one of several cannot be made', async () => {
    const stacks = fakeStacks({ unplannable: { b: changeSetFailed('b', 'no such export') } })
    const error = await failure(run(stacks, answering('yes'), create, desired('a'), desired('b')))
    assert.match(error.message, /cannot plan b: no such export/)
    assert.deepEqual(stacks.discarded, stacks.planned)
    assert.equal(stacks.states.size, 0)
  })

  it('tells the first cause and the roll-back in one line when an update fails', async () => {
    const stacks = fakeStacks({ states: [stackState('web')], failing: { web: 'no room left' } })
    const error = await failure(run(stacks, answering('yes'), convergence))
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
    const error = await failure(run(stacks, terminal, create, desired('a'), desired('b')))
    assert.match(error.message, /^a was not created: /)
    assert.ok(terminal.said.includes('b: created'))
    assert.equal(stacks.states.get('b')!.status, 'CREATE_COMPLETE')
  })

  it('joins the same change that an earlier run began, instead of beginning another', async () => {
    const stacks = fakeStacks({ states: [] })
    const first = fakePorts(answering('yes'), fakeRegion({ stacks }))
    const plan = await first.stacks.plan(web, undefined)
    assert.ok(plan.type === 'changes')
    await first.stacks.execute(plan)
    stacks.states.set('web', deployed(web, { status: 'CREATE_IN_PROGRESS' }))
    const terminal = answering()
    const outcome = await run(stacks, terminal, create)
    assert.equal(outcome.type, 'done')
    assert.equal(stacks.executed.length, 1)
    assert.match(terminal.said.join('\n'), /under way already/)
  })

  it('refuses while somebody else is changing the stack, and says where to look', async () => {
    const stacks = fakeStacks({ states: [stackState('web', 'UPDATE_IN_PROGRESS')] })
    const error = await failure(run(stacks, answering('yes'), convergence))
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
    const error = await failure(run(stacks, answering('yes'), convergence))
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
    const { code, message, remedy } = await failure(run(stacks, terminal, create, ...all))
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
    const { message } = await failure(run(stacks, terminal, create, ...['a', 'b', 'c'].map(desired)))
    assert.match(message, /Not begun, and the plan removed: c\n/)
    assert.match(message, /a was not created: Thing .*no room left/)
    assert.match(terminal.said.join('\n'), /b: its change set stays: .*throttled/)
  })

  it('leaves no other plan behind when the very first one is refused', async () => {
    const fake = fakeStacks()
    const stacks: FakeStacks = { ...fake, execute: ({ stack }) => Promise.reject(changeSetGone(stack)) }
    const { remedy } = await failure(run(stacks, answering('yes'), create, desired('a'), desired('b')))
    assert.match(remedy, /Nothing was changed/)
    assert.deepEqual(stacks.discarded, stacks.planned)
    assert.equal(stacks.states.size, 0)
  })

  it('names the way out where an alarm ended a roll-out, and nowhere else', async () => {
    const alarm = 'Instance refresh failed. The CloudWatch alarm web-ErrorAlarm-1 is in the ALARM state.'
    const remedyOf = async (web: string): Promise<string> =>
      (await failure(run(fakeStacks({ states: [stackState('web')], failing: { web } }), answering('yes'), convergence)))
        .remedy
    assert.match(
      await remedyOf(alarm),
      /If the alarm was on before, and this was the fix: add ROLL_OUT_ALARMS=ignore\n/,
    )
    assert.doesNotMatch(await remedyOf('no room left'), /ROLL_OUT_ALARMS/)
  })

  it('explains UPDATE_ROLLBACK_FAILED and names the command that helps', async () => {
    const reason = 'The following resource(s) failed to update: [Group].'
    const stacks = fakeStacks({ states: [stackState('web', 'UPDATE_ROLLBACK_FAILED', { statusReason: reason })] })
    const error = await failure(run(stacks, answering('yes'), convergence))
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
    const error = await failure(run(stacks, answering('no'), create))
    assert.equal(error.code, 'STACK_BROKEN')
    assert.deepEqual(stacks.removed, [])
  })

  it('does not update what does not exist, or never worked', async () => {
    const missing = await failure(run(fakeStacks(), answering('yes'), convergence))
    assert.match(missing.message, /There is no stack web/)
    assert.match(missing.remedy, /make create-environment ENV=staging/)
    const createFailed = fakeStacks({ states: [stackState('web', 'ROLLBACK_COMPLETE')] })
    const broken = await failure(run(createFailed, answering('yes'), convergence))
    assert.match(broken.message, /its creation failed/)
    assert.match(broken.remedy, /make create-environment ENV=staging/)
  })

  it('names file and line of a malformed template before anything is planned', async () => {
    const stacks = fakeStacks()
    const bad = { ...web, template: 'Resources:\n  A: [\n' }
    const error = await failure(run(stacks, answering('yes'), create, bad))
    assert.equal(error.code, 'TEMPLATE')
    assert.match(error.message, /^web\.yaml:\d+:\d+: /)
    assert.deepEqual(stacks.planned, [])
  })
})
