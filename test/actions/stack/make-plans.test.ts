import assert from 'node:assert/strict'
import { discardPlans, makePlans } from '../../../scripts/actions/stack/make-plans.ts'
import { changeSetFailed } from '../../../scripts/core/catalogue/stacks.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { WantedStack } from '../../../scripts/core/stack/wanted.ts'
import { fakeStacks } from '../../fakes/stacks.ts'

const item = (name: string) => {
  const wanted: WantedStack = {
    name,
    layer: name,
    file: `${name}.yaml`,
    template: 'Resources: {}',
    parameters: {},
    tags: {},
    capabilities: [],
  }
  return { wanted, decision: { type: 'plan', state: undefined } } as const
}
/** CloudFormation that does not let go of one stack's change set. */
const clinging = (name: string, options: Parameters<typeof fakeStacks>[0] = {}) => {
  const stacks = fakeStacks(options)
  const discard: typeof stacks.discard = (plan) =>
    plan.stack === name ? Promise.reject(new Error('not allowed')) : stacks.discard(plan)
  return { stacks: { ...stacks, discard }, discarded: stacks.discarded }
}

describe('plans made side by side', () => {
  it('tell why one failed although another cannot be removed, and name that', async () => {
    const { stacks, discarded } = clinging('two', { unplannable: { one: changeSetFailed('one', 'no such type') } })
    const error: RigletError = await makePlans([item('one'), item('two'), item('three')], { stacks }).then(
      () => assert.fail('it succeeded'),
      (failure: unknown) => failure as RigletError,
    )
    assert.match(error.message, /cannot plan one: no such type\nThe plan of two stays: not allowed/)
    assert.equal(error.code, 'CHANGE_SET')
    assert.equal(discarded.length, 1)
  })

  it('are all removed although one cannot be', async () => {
    const { stacks, discarded } = clinging('one')
    const plans = await makePlans([item('one'), item('two')], { stacks })
    await assert.rejects(discardPlans(plans, { stacks }), /not allowed/)
    assert.equal(discarded.length, 1)
  })
})
