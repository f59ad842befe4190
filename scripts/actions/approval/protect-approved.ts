import { heldBy } from '../../core/layers/layers.ts'
import { isProductions } from '../../core/layers/protection.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { exists } from '../../core/stack/state.ts'
import { orWhy } from '../../engine/of-many.ts'
import { protect } from '../../engine/protect.ts'

/**
 * At an approval, by the person who gives it: nothing in CodePipeline can protect what a pipeline makes, and its jobs may
 * not. That it could not be done does not undo the approval.
 */
export async function protectApproved(name: string, ports: Pick<Ports, 'stacks' | 'terminal'>): Promise<void> {
  const state = await ports.stacks.find(name)
  if (!exists(state))
    return ports.terminal.say(`${name} is new. Once it is there, make protect-app ENV=production protects it.`)
  if (!isProductions(state) || state.protected) return
  const done = await orWhy(protect(state, heldBy(state), ports))
  if (done.type === 'refused') ports.terminal.say(`${name} is not protected against deletion: ${done.why}`)
}
