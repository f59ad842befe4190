import { stackFailed } from '../core/stack/errors.ts'
import type { Commands } from '../core/commands.ts'
import type { PlannedChanges } from '../core/ports/stacks.ts'
import type { Ports } from '../core/ports/ports.ts'
import { endedByAlarm, ignoringAlarms, type Outcome, type StackEnd } from '../core/stack/outcome.ts'
import type { DesiredStack } from '../core/stack/desired.ts'
import { endLine } from '../view/progress.ts'
import { plural } from '../view/text.ts'
import { beginStacks, refused } from './begin-stacks.ts'
import { clearRemains, decideStacks, type Item } from './decide-stacks.ts'
import { monitorStacks, type MonitoredStack } from './monitor-stacks.ts'
import { protectDesired } from './protect.ts'
import { discardPlans, isChange, makePlans, showPlans } from './make-plans.ts'

export type Convergence = {
  readonly purpose: 'create' | 'update'
  readonly question: string
  readonly commands: Commands
  readonly commitTag?: string | undefined
  /** No question: what is missing was shown and confirmed before. What is there already is left as it is. */
  readonly agreed?: boolean
  /** Done after a yes, before the first change begins. */
  readonly prepare?: (() => Promise<void>) | undefined
  /** The outcome will be told as data on standard output: plans go to standard error. */
  readonly json?: boolean
}

export type StackPorts = Pick<Ports, 'stacks' | 'buckets' | 'terminal' | 'clock' | 'images' | 'inspection'>

/**
 * Makes independent stacks as they are desired: plans each from a change set, shows all plans, asks once, executes exactly
 * the change sets that were shown, and monitors them under one poll stream. What is in sync costs one call. Where one is
 * refused the rest does not begin, and what was begun is monitored before that is told.
 * @throws RigletError STACK_BUSY | STACK_BROKEN | NOT_FOUND | TEMPLATE | CHANGE_SET | STACK_FAILED | NOT_CONFIRMED
 */
export async function convergeStacks(
  desired: readonly DesiredStack[],
  convergence: Convergence,
  ports: StackPorts,
): Promise<Outcome> {
  const { purpose, commands, agreed = false, commitTag } = convergence
  const found = await decideStacks(desired, purpose, commands, ports)
  const items = await clearRemains(found, commands, agreed, ports)

  const toPlan = items.filter(({ decision }) => decision.type === 'plan' && !(agreed && decision.state !== undefined))
  const plans = toPlan.length === 0 ? [] : await makePlans(toPlan, ports)
  const changes = plans.filter(isChange)
  const joined = items.flatMap(join)
  if (changes.length === 0 && joined.length === 0) {
    await protectDesired(
      items.map(({ desired: each, decision }) => ({ desired: each, state: decision.state })),
      ports,
    )
    return { type: 'unchanged', stacks: desired.map(({ name }) => name) }
  }

  const show = async (): Promise<void> => {
    await showPlans(toPlan, plans, { commitTag, brief: agreed, json: convergence.json ?? false }, ports)
    for (const { title } of joined)
      ports.terminal.say(`${title}: this very change is under way already; monitoring it.`)
  }
  if (!(await agree(convergence, changes, show, ports)))
    return { type: 'declined', stacks: changes.map(({ stack }) => stack) }
  if (changes.length > 0) await prepared(convergence, changes, ports)

  const { monitored, refusal } = await beginStacks(changes, (stack) => titleOf(stack, desired), ports)
  const all = [...joined, ...monitored]
  if (refusal !== undefined && all.length > 0)
    ports.terminal.say('One was refused, so no other begins; monitoring what is under way.')
  const ends = all.length === 0 ? [] : await monitorStacks(all, ports, commands.status)
  if (refusal !== undefined)
    throw refused(
      refusal,
      ends.map((end) => endLine(titleOf(end.stack, desired), end)),
    )
  const outcome = finish(ends, desired, commands, ports)
  const toProtect = desired.filter(({ protects = [] }) => protects.length > 0)
  await protectDesired(
    await Promise.all(toProtect.map(async (each) => ({ desired: each, state: await ports.stacks.find(each.name) }))),
    ports,
  )
  return outcome
}

const titleOf = (name: string, desired: readonly DesiredStack[]): string =>
  desired.find((stack) => stack.name === name)?.title ?? name

const join = ({ desired, decision }: Item): MonitoredStack[] =>
  decision.type === 'join'
    ? [
        {
          title: desired.title,
          stack: desired.name,
          stackId: decision.state.id,
          operation: decision.state.status.startsWith('CREATE') ? 'create' : 'update',
          beginning: { type: 'latest' },
        },
      ]
    : []

/** What cannot be prepared is not begun, and its plans do not stay. */
async function prepared(
  { prepare }: Convergence,
  changes: readonly PlannedChanges[],
  ports: StackPorts,
): Promise<void> {
  try {
    await prepare?.()
  } catch (error) {
    await discardPlans(changes, ports)
    throw error
  }
}

/** Declining leaves nothing behind, and neither does having nobody to ask, or a plan that could not be shown. */
async function agree(
  { question, agreed = false }: Convergence,
  changes: readonly PlannedChanges[],
  show: () => Promise<void>,
  ports: StackPorts,
): Promise<boolean> {
  let yes = false
  try {
    await show()
    yes = agreed || changes.length === 0 || (await ports.terminal.confirm(question))
    return yes
  } finally {
    if (!yes) await discardPlans(changes, ports)
  }
}

function finish(
  ends: readonly StackEnd[],
  desired: readonly DesiredStack[],
  commands: Commands,
  { terminal }: StackPorts,
): Outcome {
  const line = (end: StackEnd): string => endLine(titleOf(end.stack, desired), end)
  const failed = ends.filter(({ type }) => type === 'failed')
  for (const end of ends) if (end.type === 'done') terminal.say(line(end))
  if (failed.length === 0) return { type: 'done', ends }
  const byAlarm = failed.some((end) => end.type === 'failed' && endedByAlarm(end.cause))
  throw stackFailed(
    failed.map(line).join('\n'),
    [
      `${plural(failed.length, 'stack')} failed. Put the cause right and run the same command again.`,
      ...(byAlarm ? [`If the alarm was on before, and this was the fix: add ${ignoringAlarms}`] : []),
      `Look: ${commands.status}`,
    ].join('\n'),
  )
}
