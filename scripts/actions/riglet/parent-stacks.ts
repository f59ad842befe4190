import { exitCodes } from '../../core/errors.ts'
import { heldBy, layerOf } from '../../core/layers/layers.ts'
import { rigletName, tagsOf } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { nameNotGiven, noRiglet } from '../../core/riglet/errors.ts'
import { rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { exists, type StackState } from '../../core/stack/state.ts'
import { liftProtection, protect } from '../../engine/protect.ts'
import { renderStackList, stackListData } from '../../view/stacks.ts'

type RigletSettings = Settings<'OWNER' | 'PROJECT' | 'REGION'>
type StackPorts = Pick<Ports, 'stacks' | 'terminal'>

/**
 * All stacks of a riglet by their names, in one call.
 * @throws RigletError NOT_FOUND when there is none
 */
async function stacksOf(settings: RigletSettings, { stacks }: StackPorts): Promise<readonly StackState[]> {
  const riglet = rigletOf(settings)
  const found = (await stacks.list(tagsOf(riglet))).filter(exists)
  if (found.length === 0) throw noRiglet(riglet, settings.REGION)
  return found.toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

/** What apps stand on; an app is protected by itself, for it comes and goes (`make protect-app`). */
const parentsOf = async (settings: RigletSettings, ports: StackPorts): Promise<readonly StackState[]> =>
  (await stacksOf(settings, ports)).filter((state) => layerOf(state) !== 'app')

export async function listStacks(settings: RigletSettings, ports: StackPorts): Promise<void> {
  const all = (await stacksOf(settings, ports)).map((state) => ({ state, layer: layerOf(state) }))
  ports.terminal.show(wantsJson(settings) ? JSON.stringify(all.map(stackListData), undefined, 2) : renderStackList(all))
}

export async function protectRiglet(settings: RigletSettings, ports: StackPorts): Promise<void> {
  for (const state of await parentsOf(settings, ports)) await protect(state, heldBy(state), ports)
}

/**
 * Lifts it from all of them, once the riglet's name was typed, or given as RIGLET=.
 * @throws RigletError NOT_CONFIRMED
 */
export async function unprotectRiglet(settings: RigletSettings, ports: StackPorts): Promise<number> {
  const { terminal } = ports
  const name = rigletName(rigletOf(settings))
  const states = (await parentsOf(settings, ports)).filter((state) => state.protected)
  if (states.length === 0) {
    terminal.show(`${name}: none of its stacks is protected`)
    return exitCodes.ok
  }
  terminal.show(states.map((state) => state.name).join('\n'))
  const typed = settings.RIGLET ?? (await terminal.ask(`Type ${name} to unprotect these:`))
  if (typed !== name) throw nameNotGiven(name)
  await liftProtection(states, ports)
  terminal.show(`${name}: ${states.length} stacks are not protected any more`)
  return exitCodes.ok
}
