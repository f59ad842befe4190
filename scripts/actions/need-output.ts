import { exists } from '../core/stack/state.ts'
import { stackNeeded } from '../core/pipeline/catalogue.ts'
import type { Ports } from '../core/ports.ts'

/**
 * One output of a stack that must be there.
 * @throws RigletError STACK_NEEDED
 */
export async function needOutput(stack: string, output: string, ports: Pick<Ports, 'stacks'>): Promise<string> {
  const state = await ports.stacks.find(stack)
  const value = exists(state) ? state.outputs[output] : undefined
  if (value === undefined) throw stackNeeded(stack, output)
  return value
}
