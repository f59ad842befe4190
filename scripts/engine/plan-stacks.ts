import type { Commands } from '../core/commands.ts'
import type { Ports } from '../core/ports/ports.ts'
import type { StackPlan } from '../core/stack/plan.ts'
import type { DesiredStack } from '../core/stack/desired.ts'
import { decideStacks } from './decide-stacks.ts'
import { discardPlans, makePlans, showPlans } from './make-plans.ts'

/**
 * Shows what would change, and leaves nothing behind: neither change sets nor the empty stacks of first ones.
 * @throws RigletError STACK_BUSY | STACK_BROKEN | TEMPLATE | CHANGE_SET
 */
export async function planStacks(
  desired: readonly DesiredStack[],
  { commands, commitTag, json }: { readonly commands: Commands; readonly commitTag: string; readonly json: boolean },
  ports: Pick<Ports, 'stacks' | 'buckets' | 'terminal' | 'images' | 'inspection'>,
): Promise<readonly StackPlan[]> {
  const items = await decideStacks(desired, 'plan', commands, ports)
  const toPlan = items.filter(({ decision }) => decision.type === 'plan')
  const made = toPlan.length === 0 ? [] : await makePlans(toPlan, ports)
  try {
    const plans = items.map(
      ({ desired: { name } }): StackPlan =>
        made.find(({ stack }) => stack === name) ?? { type: 'unchanged', stack: name },
    )
    if (json) ports.terminal.show(JSON.stringify(plans, undefined, 2))
    else await showPlans(items, plans, { commitTag }, ports)
    return plans
  } finally {
    await discardPlans(made, ports)
  }
}
