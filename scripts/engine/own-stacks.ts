import { stackTaken } from '../core/stack/errors.ts'
import { stackNeeded } from '../core/pipeline/errors.ts'
import type { Ports } from '../core/ports/ports.ts'
import { strangerIn, type Marks } from '../core/stack/owner.ts'
import { exists, type StackState } from '../core/stack/state.ts'

/**
 * Looks whose a stack is, before anything is planned on it, pushed to it, approved in it or deleted.
 * @throws RigletError STACK_TAKEN when it is somebody else's, or another source's
 */
export function refuseStranger(name: string, desired: Marks, state: StackState | undefined): void {
  const whose = strangerIn(desired, state)
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

/**
 * A stack that must be there, with these outputs, by one call.
 * @throws RigletError STACK_NEEDED | STACK_TAKEN
 */
export async function needStack(
  stack: string,
  whose: Marks,
  outputs: readonly string[],
  ports: Pick<Ports, 'stacks'>,
): Promise<StackState> {
  const state = await findOurs(stack, whose, ports)
  const missing = outputs.find((name) => !exists(state) || state.outputs[name] === undefined)
  if (missing !== undefined || state === undefined) throw stackNeeded(stack, missing ?? '')
  return state
}

/** Outputs of such a stack. */
export async function needOutputs<Name extends string>(
  stack: string,
  whose: Marks,
  names: readonly Name[],
  ports: Pick<Ports, 'stacks'>,
): Promise<Record<Name, string>> {
  const { outputs } = await needStack(stack, whose, names, ports)
  return Object.fromEntries(names.map((name) => [name, outputs[name]])) as Record<Name, string>
}

/** One of them. */
export const needOutput = async (
  stack: string,
  whose: Marks,
  name: string,
  ports: Pick<Ports, 'stacks'>,
): Promise<string> => (await needOutputs(stack, whose, [name], ports))[name]!
