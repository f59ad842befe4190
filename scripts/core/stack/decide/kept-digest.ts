import { digestOf, sealOf } from './digest.ts'
import { isUsual } from '../../settings/stack-settings.ts'
import { isLookedUp } from '../template/resolved-anew.ts'
import type { StackState } from '../state.ts'
import type { WantedStack } from '../wanted.ts'

const half = 32

/**
 * What a stack keeps as its parameter `Digest`: the digest, and behind it the seal. There is no seal where CloudFormation
 * looks values up: only a change set tells whether those changed.
 * @throws RigletError TEMPLATE
 */
export async function keptDigest(wanted: WantedStack): Promise<string> {
  const { readTemplate } = await import('../template/read-template.ts')
  const { parameters, resolvesAnew } = readTemplate(wanted.file, wanted.template)
  const inForce: Record<string, string> = {}
  for (const [name, { defaults }] of parameters) {
    const value = wanted.parameters[name] ?? defaults[0]
    if (value !== undefined && name !== 'Digest') inForce[name] = value
  }
  return resolvesAnew || Object.values(inForce).some(isLookedUp)
    ? digestOf(wanted)
    : digestOf(wanted) + sealOf(wanted, inForce)
}

/** Whether a stack was last updated with this digest; what is sealed was so with these very values, too. */
export const hasDigest = (wanted: WantedStack, state: StackState): boolean =>
  state.parameters['Digest']?.slice(0, half) === digestOf(wanted)

/** Whether template, tags and all values in force are as they were handed in last. Needs no parser. */
export function isSealed(wanted: WantedStack, { parameters }: StackState): boolean {
  const { Digest: kept = '', ...inForce } = parameters
  return kept.length > half && kept.slice(half) === sealOf(wanted, inForce)
}

/** Whether all that is said of a stack it has already, and nothing is to go back to its default. */
export const saysNothingNew = ({ parameters, reset = [] }: WantedStack, state: StackState): boolean =>
  reset.every((name) => isUsual(name, state.parameters[name])) &&
  Object.entries(parameters).every(([name, value]) => state.parameters[name] === value)
