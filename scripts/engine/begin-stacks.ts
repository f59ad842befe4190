import { notAllBegun } from '../core/stack/errors.ts'
import { isRigletError } from '../core/errors.ts'
import type { PlannedChanges } from '../core/ports/stacks.ts'
import type { Ports } from '../core/ports/ports.ts'
import type { MonitoredStack } from './monitor-stacks.ts'
import { discardPlans } from './make-plans.ts'

/** What was begun; where one was refused also why, and whose plans were removed for that. */
export type Begun = {
  readonly monitored: readonly MonitoredStack[]
  readonly refusal?: { readonly error: unknown; readonly removed: readonly string[] }
}

/** Executes the change sets one after another. Once one is refused no other begins, and none of those plans stays. */
export async function beginStacks(
  plans: readonly PlannedChanges[],
  titleOf: (stack: string) => string,
  ports: Pick<Ports, 'stacks' | 'terminal'>,
): Promise<Begun> {
  const monitored: MonitoredStack[] = []
  for (const plan of plans) {
    try {
      monitored.push(await begin(plan, titleOf(plan.stack), ports))
    } catch (error) {
      const removed = await removeAll(plans.slice(monitored.length), titleOf, ports)
      return { monitored, refusal: { error, removed } }
    }
  }
  return { monitored }
}

const begin = async (
  plan: PlannedChanges,
  title: string,
  { stacks }: Pick<Ports, 'stacks'>,
): Promise<MonitoredStack> => ({
  title,
  stack: plan.stack,
  stackId: plan.stackId,
  operation: plan.operation,
  beginning: { type: 'token', token: await stacks.execute(plan) },
  total: plan.changes.length,
})

/** One that cannot be removed is named, and hides neither the others nor the refusal. */
async function removeAll(
  plans: readonly PlannedChanges[],
  titleOf: (stack: string) => string,
  ports: Pick<Ports, 'stacks' | 'terminal'>,
): Promise<string[]> {
  const removed: string[] = []
  for (const plan of plans) {
    const title = titleOf(plan.stack)
    try {
      await discardPlans([plan], ports)
      removed.push(title)
    } catch (error) {
      ports.terminal.say(`${title}: its change set stays: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return removed
}

/** The refusal as it is where nothing else had begun; otherwise together with how the rest ended. Bugs stay bugs. */
export function refused({ error, removed }: NonNullable<Begun['refusal']>, ends: readonly string[]): unknown {
  return ends.length === 0 || !isRigletError(error) ? error : notAllBegun(error, removed, ends)
}
