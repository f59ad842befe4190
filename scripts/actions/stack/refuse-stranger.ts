import { stackTaken } from '../../core/catalogue/stacks.ts'
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
