import type { Commands } from '../../core/commands.ts'
import { isOfOne } from '../../core/errors.ts'
import type { Ports, Regional } from '../../core/ports/ports.ts'
import type { DesiredStack } from '../../core/stack/desired.ts'
import type { StackEnd } from '../../core/stack/outcome.ts'
import type { StackPlan } from '../../core/stack/plan.ts'
import type { StackState } from '../../core/stack/state.ts'
import { beginStacks } from '../begin-stacks.ts'
import { decideStack, type Item } from '../decide-stacks.ts'
import { discardPlans, makePlans, showPlans, type PlanStyle } from '../make-plans.ts'
import { monitorStacks, type MonitoredStack } from '../monitor-stacks.ts'
import { orUnchecked } from '../of-many.ts'
import { protectDesired } from '../protect.ts'

/** A stack in an account and region of its own, which was found to be ours, and ready for a change if it is there at all. */
export type StackThere = {
  readonly desired: DesiredStack
  readonly state: StackState | undefined
  readonly there: Regional
}

/** What would change of it, or why that cannot be told. */
export type PlanThere = StackThere & {
  readonly item?: Item
  readonly plan: StackPlan | { readonly type: 'failed'; readonly why: string }
}

export type EndThere = StackEnd | { readonly type: 'refused'; readonly why: string }

/** Stacks of other places: what is refused in one of them holds no other back. All change sets are made side by side. */
export const planApart = (stacks: readonly StackThere[]): Promise<readonly PlanThere[]> =>
  Promise.all(
    stacks.map(async (stack): Promise<PlanThere> => {
      const planned = await orUnchecked(planOne(stack))
      return planned.type === 'unchecked'
        ? { ...stack, plan: { type: 'failed', why: planned.why } }
        : { ...stack, ...planned }
    }),
  )

async function planOne({
  desired,
  state,
  there,
}: StackThere): Promise<{ readonly type: 'planned'; readonly item: Item; readonly plan: StackPlan }> {
  const item = await decideStack(desired, state, there)
  const [plan] = item.decision.type === 'plan' ? await makePlans([item], there) : []
  return { type: 'planned', item, plan: plan ?? { type: 'unchanged', stack: desired.name } }
}

export const changesIn = (plans: readonly PlanThere[]): readonly PlanThere[] =>
  plans.filter(({ plan }) => plan.type === 'changes')

export async function showApart(
  plans: readonly PlanThere[],
  style: PlanStyle,
  { terminal }: Pick<Ports, 'terminal'>,
): Promise<void> {
  for (const { item, plan, there } of changesIn(plans))
    if (item !== undefined && plan.type === 'changes')
      await showPlans([item], [plan], style, { images: there.images, terminal })
}

/** Of each place, whatever the others say. */
export async function discardApart(plans: readonly PlanThere[]): Promise<void> {
  const results = await Promise.allSettled(
    plans.map(({ plan, there }) => (plan.type === 'failed' ? undefined : discardPlans([plan], there))),
  )
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

/**
 * Executes the change sets that were shown, each in its place, and monitors all of them under one poll stream. Answers how
 * each ended, by the name of its stack.
 * @throws RigletError INTERRUPTED | WAIT_TOO_LONG
 */
export async function executeApart(
  plans: readonly PlanThere[],
  commands: Commands,
  { terminal, clock }: Pick<Ports, 'terminal' | 'clock'>,
): Promise<ReadonlyMap<string, EndThere>> {
  const ends = new Map<string, EndThere>()
  const monitored: MonitoredStack[] = []
  const placeOf = new Map<string, Regional>()
  await Promise.all(
    plans.map(async ({ desired, plan, there }) => {
      if (plan.type !== 'changes') return
      placeOf.set(plan.stackId, there)
      const begun = await beginStacks([plan], () => desired.title, { stacks: there.stacks, terminal })
      monitored.push(...begun.monitored)
      if (begun.refusal !== undefined) ends.set(desired.name, refusalOf(begun.refusal.error))
    }),
  )
  const stacks: Pick<Ports['stacks'], 'events' | 'find'> = {
    events: (id, ...rest) => placeOf.get(id)!.stacks.events(id, ...rest),
    find: (id) => placeOf.get(id)!.stacks.find(id),
  }
  const all = monitored.length === 0 ? [] : await monitorStacks(monitored, { stacks, terminal, clock }, commands.status)
  for (const end of all) ends.set(end.stack, end)
  for (const { desired, there } of plans)
    if (ends.get(desired.name)?.type === 'done' && (desired.protects ?? []).length > 0)
      await protectDesired([{ desired, state: await there.stacks.find(desired.name) }], {
        stacks: there.stacks,
        terminal,
      })
  return ends
}

function refusalOf(error: unknown): EndThere {
  if (!isOfOne(error)) throw error
  return { type: 'refused', why: error.message }
}
