import { stackNeeded } from '../../core/pipeline/catalogue.ts'
import type { Ports } from '../../core/ports.ts'
import type { Marks } from '../../core/stack/owner.ts'
import { exists, type StackState } from '../../core/stack/state.ts'
import { findOurs } from './refuse-stranger.ts'

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
