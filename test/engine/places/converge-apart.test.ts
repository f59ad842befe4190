import assert from 'node:assert/strict'
import { commandsOf } from '../../../scripts/core/commands.ts'
import { changeSetFailed } from '../../../scripts/core/stack/errors.ts'
import type { Regional } from '../../../scripts/core/ports/ports.ts'
import {
  discardApart,
  executeApart,
  planApart,
  type StackThere,
} from '../../../scripts/engine/places/converge-apart.ts'
import { fakeClock } from '../../fakes/image-ports.ts'
import { fakeRegion } from '../../fakes/regional.ts'
import { fakeStacks, stackState, type FakeStacksOptions } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const commands = commandsOf('app', {})
const ports = () => ({ terminal: answering(), clock: fakeClock('2026-02-01T08:00:00Z') })

/** A stack that is to be another one, in a place of its own. */
function stackIn(name: string, options: FakeStacksOptions = {}) {
  const state = stackState(name)
  const stacks = fakeStacks({ states: [state], ...options })
  const there = fakeRegion({ stacks, templates: { [name]: 'Resources: {}' } }) as unknown as Regional
  const template = 'Parameters:\n  Size: { Type: String }\nResources: {}\n'
  const parameters = { Size: '2' }
  const desired = { name, title: name, file: 'group.yaml', template, parameters, tags: state.tags, capabilities: [] }
  return { stacks, one: { desired, state, there } satisfies StackThere }
}

describe('stacks in places of their own', () => {
  it('are planned side by side, and one that cannot be planned holds no other back', async () => {
    const broken = stackIn('a-b-staging-group-web', {
      unplannable: { 'a-b-staging-group-web': changeSetFailed('a-b-staging-group-web', 'no such subnet') },
    })
    const fine = stackIn('a-b-staging-group-api')
    const plans = await planApart([broken.one, fine.one])
    assert.deepEqual(
      plans.map(({ plan }) => (plan.type === 'failed' ? plan.why : plan.type)),
      ['CloudFormation cannot plan a-b-staging-group-web: no such subnet', 'changes'],
    )
    await discardApart(plans)
    assert.deepEqual(fine.stacks.discarded, fine.stacks.planned)
  })

  it('are executed each in its place: one that was changed meanwhile is refused, and the others go on', async () => {
    const name = 'a-b-staging-group-web'
    const moved = stackIn(name, { meanwhile: (states) => void states.set(name, stackState(name, 'UPDATE_COMPLETE')) })
    const fine = stackIn('a-b-staging-group-api')
    const ends = await executeApart(await planApart([moved.one, fine.one]), commands, ports())
    const [refused, done] = [ends.get(name), ends.get('a-b-staging-group-api')]
    assert.ok(refused?.type === 'refused' && refused.why.startsWith(`${name} was changed by somebody else`))
    assert.equal(done?.type, 'done')
    assert.deepEqual(moved.stacks.discarded, moved.stacks.planned)
  })

  it('say what failed beside what was done', async () => {
    const name = 'a-b-staging-group-web'
    const failing = stackIn(name, { failing: { [name]: 'it does not boot' } })
    const fine = stackIn('a-b-staging-group-api')
    const ends = await executeApart(await planApart([failing.one, fine.one]), commands, ports())
    assert.deepEqual([...ends.values()].map(({ type }) => type).sort(), ['done', 'failed'])
  })
})
