import assert from 'node:assert/strict'
import { fakePorts, fakeRegion } from '../fakes/regional.ts'
import { deployed, fakeStacks, stackState } from '../fakes/stacks.ts'
import { answering } from '../fakes/terminal.ts'
import { failureOf } from '../support/failure.ts'
import { desired, web, convergence, create, run } from './support/converge.ts'

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
    assert.match((await failureOf(run(stacks, broken, convergence))).message, /no such screen/)
    assert.deepEqual(stacks.discarded, stacks.planned)
    assert.deepEqual(stacks.executed, [])
  })

  it('changes nothing where there is nobody to ask, and says how to say yes', async () => {
    const stacks = fakeStacks()
    const error = await failureOf(run(stacks, answering(), create))
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
})
