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
  const all = { ...begins(desired, declared), ...Object.fromEntries(kept), ...desired.parameters }
  const isDefault = ([name, value]: [string, string]): boolean => declared.get(name)?.defaults.includes(value) ?? false
  return { ...desired, parameters: Object.fromEntries(Object.entries(all).filter((one) => !isDefault(one))) }
}

/**
 * What a stack was given, and this run says nothing of. An empty value says nothing either where there is a default: an
 * earlier version of the template looked it up by itself.
 */
export const unsaid = (
  { parameters, defaults = {}, reset = [] }: DesiredStack,
  earlier: Parameters,
): [string, string][] =>
  Object.entries(earlier).filter(
    ([name, value]) =>
      name !== 'Digest' &&
      !Object.hasOwn(parameters, name) &&
      !reset.includes(name) &&
      (value !== '' || !Object.hasOwn(defaults, name)),
  )

/** A stack that is not there yet: what it begins with, and all that is said of it. */
export const asNew = (desired: DesiredStack, declared: Template['parameters']): DesiredStack => ({
  ...desired,
  parameters: { ...begins(desired, declared), ...desired.parameters },
})

const begins = ({ defaults = {} }: DesiredStack, declared: Template['parameters']): Parameters =>
  Object.fromEntries(Object.entries(defaults).filter(([name]) => declared.has(name)))
