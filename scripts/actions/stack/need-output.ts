import { stackNeeded } from '../../core/pipeline/catalogue.ts'
import type { Ports } from '../../core/ports.ts'
import type { Marks } from '../../core/stack/owner.ts'
import { exists } from '../../core/stack/state.ts'
import { findOurs } from './refuse-stranger.ts'

/**
 * Outputs of a stack that must be there, by one call.
 * @throws RigletError STACK_NEEDED | STACK_TAKEN
 */
export async function needOutputs<Name extends string>(
  stack: string,
  whose: Marks,
  names: readonly Name[],
  ports: Pick<Ports, 'stacks'>,
): Promise<Record<Name, string>> {
  const state = await findOurs(stack, whose, ports)
  const outputs = exists(state) ? state.outputs : {}
  const missing = names.find((name) => outputs[name] === undefined)
  if (missing !== undefined) throw stackNeeded(stack, missing)
  return Object.fromEntries(names.map((name) => [name, outputs[name]])) as Record<Name, string>
}

/** One of them. */
export const needOutput = async (
  stack: string,
  whose: Marks,
  name: string,
  ports: Pick<Ports, 'stacks'>,
): Promise<string> => (await needOutputs(stack, whose, [name], ports))[name]!
