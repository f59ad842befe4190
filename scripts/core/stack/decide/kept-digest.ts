import { digestOf, sealOf } from './digest.ts'
import { isUsual } from '../../settings/stack-settings.ts'
import { isLookedUp } from '../template/resolved-anew.ts'
import type { StackState } from '../state.ts'
import type { DesiredStack } from '../desired.ts'

const half = 32

/**
 * What a stack keeps as its parameter `Digest`: the digest, and behind it the seal. There is no seal where CloudFormation
 * looks values up: only a change set tells whether those changed.
 * @throws RigletError TEMPLATE
 */
export async function keptDigest(desired: DesiredStack): Promise<string> {
  const { readTemplate } = await import('../template/read-template.ts')
  const { parameters, resolvesAnew } = readTemplate(desired.file, desired.template)
  const inForce: Record<string, string> = {}
  for (const [name, { defaults }] of parameters) {
    const value = desired.parameters[name] ?? defaults[0]
    if (value !== undefined && name !== 'Digest') inForce[name] = value
  }
  return resolvesAnew || Object.values(inForce).some(isLookedUp)
    ? digestOf(desired)
    : digestOf(desired) + sealOf(desired, inForce)
}

/** Whether a stack was last updated with this digest; what is sealed was so with these very values, too. */
export const hasDigest = (desired: DesiredStack, state: StackState): boolean =>
  state.parameters['Digest']?.slice(0, half) === digestOf(desired)

/** Whether template, tags and all values in force are as they were handed in last. Needs no parser. */
export function isSealed(desired: DesiredStack, { parameters }: StackState): boolean {
  const { Digest: kept = '', ...inForce } = parameters
  return kept.length > half && kept.slice(half) === sealOf(desired, inForce)
}

/** Whether all that is said of a stack it has already, and nothing is to go back to its default. */
export const saysNothingNew = ({ parameters, defaults = {}, reset = [] }: DesiredStack, state: StackState): boolean =>
  reset.every((name) => isUsual(name, state.parameters[name])) &&
  Object.keys(defaults).every((name) => Boolean(state.parameters[name])) &&
  Object.entries(parameters).every(([name, value]) => state.parameters[name] === value)
