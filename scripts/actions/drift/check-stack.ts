import { unchecked, type Finding } from '../../core/drift/report.ts'
import { canBeChecked, stackFindings } from '../../core/drift/stack-drift.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { StackState } from '../../core/stack/state.ts'
import { orWhy } from '../../engine/of-many.ts'

/** How much was compared, and what came of it. */
export type Part = { readonly checked: number; readonly findings: readonly Finding[] }

/** Stack drift of one stack. Resources that CloudFormation says nothing about are told, too. */
export async function checkStack(environment: string, stack: StackState, ports: Ports): Promise<Part> {
  const nothing = (what: string): Part => ({ checked: 0, findings: [unchecked(environment, stack.name, what)] })
  if (!canBeChecked(stack.status)) return nothing(`is ${stack.status}; CloudFormation checks no stack in that state`)
  const [asked, listed] = await Promise.all([
    orWhy(ports.inspection.drift(stack.name)),
    orWhy(ports.stacks.resources(stack.name)),
  ])
  if (asked.type === 'refused') return nothing(`could not be checked: ${asked.why}`)
  const drift = asked.answer
  const seen = new Set(drift.resources.map(({ logicalId }) => logicalId))
  const silent = (listed.type === 'answered' ? listed.answer : [])
    .filter(({ logicalId }) => !seen.has(logicalId))
    .map(({ logicalId, physicalId, type }) => ({
      logicalId,
      physicalId,
      resourceType: type,
      status: drift.type === 'checked' ? ('UNSUPPORTED' as const) : ('NOT_CHECKED' as const),
      differences: [],
    }))
  return {
    checked: drift.resources.filter(({ status }) => !['NOT_CHECKED', 'UNKNOWN'].includes(status)).length,
    findings: [
      ...stackFindings(environment, { ...drift, resources: [...drift.resources, ...silent] }),
      ...(listed.type === 'refused'
        ? [unchecked(environment, stack.name, `its resources could not be listed: ${listed.why}`)]
        : []),
    ],
  }
}
