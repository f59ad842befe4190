import type { Template } from '../template/read-template.ts'
import type { DesiredStack } from '../desired.ts'

type Parameters = Readonly<Record<string, string>>

/**
 * The one rule for every stack: what was set on it earlier stays, unless it is said anew or asked back to its default.
 * A parameter that the template has no longer would be refused; one at its default says nothing, so that the same stack
 * has the same digest whoever set it. A hidden value nobody can repeat: it stays hidden, and CloudFormation is asked to
 * keep it.
 */
export function keepEarlier(
  desired: DesiredStack,
  earlier: Parameters,
  declared: Template['parameters'],
): DesiredStack {
  const kept = unsaid(desired, earlier).filter(([name]) => declared.has(name))
  const all = { ...Object.fromEntries(kept), ...desired.parameters }
  const isDefault = ([name, value]: [string, string]): boolean => declared.get(name)?.defaults.includes(value) ?? false
  return { ...desired, parameters: Object.fromEntries(Object.entries(all).filter((one) => !isDefault(one))) }
}

/** What a stack was given, and this run says nothing of. */
export const unsaid = ({ parameters, reset = [] }: DesiredStack, earlier: Parameters): [string, string][] =>
  Object.entries(earlier).filter(
    ([name]) => name !== 'Digest' && !Object.hasOwn(parameters, name) && !reset.includes(name),
  )
