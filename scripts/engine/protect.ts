import { nameNotTyped, stackMissing } from '../core/stack/errors.ts'
import { exitCodes } from '../core/errors.ts'
import type { Ports } from '../core/ports/ports.ts'
import { heldBy } from '../core/layers/layers.ts'
import { isProductions, stackPolicy } from '../core/layers/protection.ts'
import { exists, type StackState } from '../core/stack/state.ts'
import type { Target } from '../core/target.ts'
import { orWhy } from './or-why.ts'

type ProtectPorts = Pick<Ports, 'stacks' | 'terminal'>

/** Against deletion, and against updates that replace or delete what holds state. */
async function protect(state: StackState, { stacks, terminal }: ProtectPorts): Promise<void> {
  const held = heldBy(state)
  await stacks.protect(state.id, stackPolicy(held))
  const losses = held.length === 0 ? '' : `, and against losing ${held.join(', ')} in an update`
  terminal.say(`${state.name}: protected against deletion${losses}`)
}

/** Stacks of production that are not protected yet; a person's create or update has just been through them. */
export async function protectProduction(
  states: readonly (StackState | undefined)[],
  ports: ProtectPorts,
): Promise<void> {
  for (const state of states) if (exists(state) && isProductions(state) && !state.protected) await protect(state, ports)
}

/** `make protect-...`: also where they are protected already, for what is to be kept may have changed with the template. */
export async function protectTarget({ stacks, commands }: Target, ports: ProtectPorts): Promise<void> {
  const states = await Promise.all(stacks.map((name) => ports.stacks.find(name)))
  for (const [index, state] of states.entries()) {
    if (!exists(state)) throw stackMissing(stacks[index]!, commands.create)
    await protect(state, ports)
  }
}

/**
 * What production loses is asked for by its name: a yes, or YES=1, is said too quickly. Without a terminal: NAME=...
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
export async function unprotectTarget(
  { stacks, commands }: Target,
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

/**
 * At an approval, by the person who gives it: nothing in CodePipeline can protect what a pipeline makes, and its jobs may
 * not. That it could not be done does not undo the approval.
 */
export async function protectApproved(name: string, ports: ProtectPorts): Promise<void> {
  const state = await ports.stacks.find(name)
  if (!exists(state))
    return ports.terminal.say(`${name} is new. Once it is there, make protect-app ENV=production protects it.`)
  const done = await orWhy(protectProduction([state], ports))
  if (done.type === 'refused') ports.terminal.say(`${name} is not protected against deletion: ${done.why}`)
}
