import { orWhy } from './or-why.ts'
import type { Ports } from '../core/ports/ports.ts'
import type { Decision } from '../core/stack/decide/decide.ts'
import { keepEarlier, unsaid } from '../core/stack/decide/keep-earlier.ts'
import type { WantedStack } from '../core/stack/wanted.ts'

/**
 * A wanted stack, of which `decision` was made, with all that was set on it earlier; what never worked has set nothing. A
 * default of the template in force was set by nobody: it does not outlive that template. That is asked only where
 * something changes and something would be kept.
 */
export async function withEarlier(
  wanted: WantedStack,
  decision: Decision,
  { inspection }: Pick<Ports, 'inspection'>,
): Promise<WantedStack> {
  const { state } = decision
  if (state === undefined || decision.type === 'stillborn') return wanted
  const { readTemplate } = await import('../core/stack/template/read-template.ts')
  const { parameters: declared } = readTemplate(wanted.file, wanted.template)
  const kept = keepEarlier(wanted, state.parameters, declared)
  const only = unsaid(wanted, kept.parameters)
  if (only.length === 0 || decision.type !== 'plan') return kept
  // A build of an older pipeline may not ask: then nothing that was set is lost, and a new default waits.
  const asked = await orWhy(inspection.template(state.name))
  if (asked.type === 'refused' || asked.answer === undefined) return kept
  const { parameters: inForce } = readTemplate(`the template of ${state.name}`, asked.answer)
  const set = Object.entries(state.parameters).filter(([name, value]) => !inForce.get(name)?.defaults.includes(value))
  return keepEarlier(wanted, Object.fromEntries(set), declared)
}
