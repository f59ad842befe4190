import { fixedParameter, stackBusy, stackMissing, stackCreateFailed, stackNeedsRecovery } from '../core/stack/errors.ts'
import type { Commands } from '../core/commands.ts'
import type { Ports } from '../core/ports/ports.ts'
import { decide, type Decision } from '../core/stack/decide/decide.ts'
import { marksOfDesired } from '../core/stack/owner.ts'
import type { StackState } from '../core/stack/state.ts'
import type { DesiredStack } from '../core/stack/desired.ts'
import { deleteStacks } from './delete-stacks.ts'
import { findOurs } from './own-stacks.ts'
import { withEarlier } from './with-earlier.ts'

/** `desired` has all that is to be kept of what was set earlier. */
export type Item = { readonly desired: DesiredStack; readonly decision: Decision }

/** Why one is asked for decides what is refused: only a creation starts from nothing, or from remains. */
export type Purpose = 'create' | 'update' | 'plan'

/**
 * Looks at every stack before anything is said of one. One call a stack, and one more where what was set is kept by a
 * change.
 * @throws RigletError STACK_TAKEN | STACK_BUSY | STACK_BROKEN | NOT_FOUND
 */
export async function decideStacks(
  desired: readonly DesiredStack[],
  purpose: Purpose,
  commands: Commands,
  ports: Pick<Ports, 'stacks' | 'inspection'>,
): Promise<readonly Item[]> {
  const items = await Promise.all(
    desired.map(async (stack) => decideStack(stack, await findOurs(stack.name, marksOfDesired(stack), ports), ports)),
  )
  for (const item of items) refuse(item, purpose, commands)
  return items
}

/** What is to be done about one that was looked at already, and is ours. */
export async function decideStack(
  stack: DesiredStack,
  state: StackState | undefined,
  ports: Pick<Ports, 'inspection'>,
): Promise<Item> {
  const decision = await decide(stack, state)
  return { desired: decision.type === 'plan' ? await withEarlier(stack, decision, ports) : stack, decision }
}

function refuse({ desired, decision }: Item, purpose: Purpose, commands: Commands): void {
  const { name } = desired
  switch (decision.type) {
    case 'busy':
      throw stackBusy(name, decision.state.status, commands.status)
    case 'needsRecovery':
      throw stackNeedsRecovery(
        name,
        decision.state.status,
        decision.state.statusReason,
        wayOut(decision.state.status, commands),
      )
    case 'createFailed':
      if (purpose !== 'create') throw stackCreateFailed(name, decision.state.status, commands.create)
      return
    case 'plan':
      refuseFixed(desired, decision.state)
      if (purpose === 'update' && decision.state === undefined) throw stackMissing(name, commands.create)
      return
    case 'in sync':
    case 'join':
      return
  }
}

/** A stack that an earlier version made has what is the default now, and does not show it. */
function refuseFixed(
  { name, parameters, defaults = {}, fixed = [] }: DesiredStack,
  state: StackState | undefined,
): void {
  if (state === undefined) return
  for (const parameter of fixed) {
    const [has, asked] = [state.parameters[parameter] || defaults[parameter], parameters[parameter]]
    if (has !== undefined && asked !== undefined && asked !== has) throw fixedParameter(name, parameter, has, asked)
  }
}

/** One that was to be deleted goes on being deleted, unless a person wants a resource of it to stay. */
const wayOut = (status: string, commands: Commands): string =>
  [
    `Put right what it names, then: ${status === 'DELETE_FAILED' ? commands.remove : commands.recover}`,
    ...(status === 'DELETE_FAILED' ? [`To let what cannot be deleted stay: ${commands.recover} SKIP=...`] : []),
  ].join('\n')

/**
 * Remains of failed creations never worked and cannot be updated: with consent they go, and creation starts anew.
 * @throws RigletError STACK_BROKEN when they are to stay
 */
export async function clearRemains(
  items: readonly Item[],
  commands: Commands,
  agreed: boolean,
  ports: Pick<Ports, 'stacks' | 'terminal' | 'clock'>,
): Promise<readonly Item[]> {
  const remains = items.flatMap(({ decision }) => (decision.type === 'createFailed' ? [decision.state] : []))
  const [first] = remains
  if (first === undefined) return items
  const list = remains.map(({ name, status }) => `${name} (${status})`).join(', ')
  ports.terminal.say(`An earlier creation failed and left remains that never worked: ${list}.`)
  if (!agreed && !(await ports.terminal.confirm('Delete these remains and create anew?')))
    throw stackCreateFailed(first.name, first.status, commands.create)
  await deleteStacks(remains, { commands }, ports)
  return items.map((item): Item =>
    item.decision.type === 'createFailed' ? { ...item, decision: { type: 'plan', state: undefined } } : item,
  )
}
