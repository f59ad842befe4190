import { nameNotTyped, stackMissing } from '../core/stack/errors.ts'
import { exitCodes } from '../core/errors.ts'
import type { Ports } from '../core/ports/ports.ts'
import { stackPolicy } from '../core/layers/protection.ts'
import { exists, type StackState } from '../core/stack/state.ts'
import type { DesiredStack } from '../core/stack/desired.ts'
import type { Subject } from '../core/subject.ts'

type ProtectPorts = Pick<Ports, 'stacks' | 'terminal'>

/** Against deletion, and against updates that replace or delete what it holds. */
export async function protect(
  state: StackState,
  held: readonly string[],
  { stacks, terminal }: ProtectPorts,
): Promise<void> {
  await stacks.protect(state.id, stackPolicy(held))
  const losses = held.length === 0 ? '' : `, and against losing ${held.join(', ')} in an update`
  terminal.say(`${state.name}: protected against deletion${losses}`)
}

/** Those that a person's create or update, which has just been through them, protects, and that are not protected yet. */
export async function protectDesired(
  found: readonly { readonly desired: DesiredStack; readonly state: StackState | undefined }[],
  ports: ProtectPorts,
): Promise<void> {
  for (const { desired, state } of found) {
    const { protects = [] } = desired
    if (exists(state) && protects.length > 0 && !state.protected) await protect(state, protects, ports)
  }
}

/** `make protect-...`: also where they are protected already, for what is to be kept may have changed with the template. */
export async function protectSubject({ stacks, held = {}, commands }: Subject, ports: ProtectPorts): Promise<void> {
  const states = await Promise.all(stacks.map((name) => ports.stacks.find(name)))
  for (const [index, state] of states.entries()) {
    if (!exists(state)) throw stackMissing(stacks[index]!, commands.create)
    await protect(state, held[state.name] ?? [], ports)
  }
}

/**
 * Where a yes, or YES=1, is said too quickly. Without a terminal: NAME=...
 * @throws RigletError NOT_CONFIRMED
 */
export async function askByName(
  name: string,
  verb: 'delete' | 'unprotect',
  typed: string | undefined,
  { terminal }: Pick<Ports, 'terminal'>,
): Promise<void> {
  const answer = typed ?? (await terminal.ask(`Type ${name} to ${verb} it:`))
  if (answer !== name) throw nameNotTyped(name, verb)
}

/** `make unprotect-...`: for an update that has to replace what holds state. The next update by hand protects anew. */
export async function unprotectSubject(
  { stacks, commands }: Subject,
  typed: string | undefined,
  ports: ProtectPorts,
): Promise<number> {
  for (const name of stacks) {
    const state = await ports.stacks.find(name)
    if (!exists(state)) throw stackMissing(name, commands.create)
    await askByName(name, 'unprotect', typed, ports)
    await ports.stacks.unprotect(state.id, stackPolicy([]))
    ports.terminal.show(`${name}: not protected any more. The next update by hand, or make protect-..., protects it.`)
  }
  return exitCodes.ok
}

/** Of those that are protected; returns all as they are then. */
export async function liftProtection(
  states: readonly StackState[],
  { stacks }: Pick<Ports, 'stacks'>,
): Promise<StackState[]> {
  for (const state of states) if (state.protected) await stacks.unprotect(state.id, stackPolicy([]))
  return states.map((state) => ({ ...state, protected: false }))
}
