import { stackTaken } from '../../core/catalogue/stacks.ts'
import type { Ports } from '../../core/ports.ts'
import { strangerIn, type Marks } from '../../core/stack/owner.ts'
import type { StackState } from '../../core/stack/state.ts'

/**
 * Looks whose a stack is, before anything is planned on it, pushed to it, approved in it or deleted.
 * @throws RigletError STACK_TAKEN when it is somebody else's, or another source's
 */
export function refuseStranger(name: string, wanted: Marks, state: StackState | undefined): void {
  const whose = strangerIn(wanted, state)
  if (whose !== undefined) throw stackTaken(name, whose)
}

/**
 * The stack of that name, which is ours if it is there at all.
 * @throws RigletError STACK_TAKEN
 */
export async function findOurs(
  name: string,
  whose: Marks,
  { stacks }: Pick<Ports, 'stacks'>,
): Promise<StackState | undefined> {
  const state = await stacks.find(name)
  refuseStranger(name, whose, state)
  return state
}
