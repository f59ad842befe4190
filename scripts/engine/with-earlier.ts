import { orWhy } from './of-many.ts'
import type { Ports } from '../core/ports/ports.ts'
import type { Decision } from '../core/stack/decide/decide.ts'
import { asNew, keepEarlier, unsaid } from '../core/stack/decide/keep-earlier.ts'
import type { DesiredStack } from '../core/stack/desired.ts'

/**
 * A desired stack, of which `decision` was made, with all that was set on it earlier; what never worked has set nothing. A
 * default of the template in force was set by nobody: it does not outlive that template. That is asked only where
 * something changes and something would be kept.
 */
export async function withEarlier(
  desired: DesiredStack,
  decision: Decision,
  { inspection }: Pick<Ports, 'inspection'>,
): Promise<DesiredStack> {
  const { state } = decision
  const isNew = state === undefined || decision.type === 'createFailed'
  if (isNew && Object.keys(desired.defaults ?? {}).length === 0) return desired
  const { readTemplate } = await import('../core/stack/template/read-template.ts')
  const { parameters: declared } = readTemplate(desired.file, desired.template)
  if (isNew) return asNew(desired, declared)
  const kept = keepEarlier(desired, state.parameters, declared)
  const only = unsaid(desired, kept.parameters)
  if (only.length === 0 || decision.type !== 'plan') return kept
  // A build of an older pipeline may not ask: then nothing that was set is lost, and a new default waits.
  const asked = await orWhy(inspection.template(state.name))
  if (asked.type === 'refused' || asked.answer === undefined) return kept
  const { parameters: inForce } = readTemplate(`the template of ${state.name}`, asked.answer)
  const set = Object.entries(state.parameters).filter(([name, value]) => !inForce.get(name)?.defaults.includes(value))
  return keepEarlier(desired, Object.fromEntries(set), declared)
}
