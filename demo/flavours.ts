import { RigletError } from '../scripts/core/errors.ts'
import type { Ports } from '../scripts/core/ports/ports.ts'
import { runFactory } from './factory/run-factory.ts'
import { runDemo } from './run-demo.ts'
import { makeTraffic } from './traffic.ts'

/** What can be shown, by the word that stands in FLAVOUR; each in a rehearsal of the name that it is given. */
export const flavours: Readonly<Record<string, (name: string, ports: Ports) => Promise<void>>> = {
  pipeline: (name, ports) => runDemo(name, ports, makeTraffic()),
  factory: runFactory,
}

/**
 * The flavour of that name, or the first one.
 * @throws RigletError SETTINGS
 */
export function flavourOf(name = ''): (rehearsal: string, ports: Ports) => Promise<void> {
  const names = Object.keys(flavours)
  const chosen = name === '' ? names[0]! : name
  if (Object.hasOwn(flavours, chosen)) return flavours[chosen]!
  throw new RigletError(
    'SETTINGS',
    `There is no demo FLAVOUR=${chosen}; there are ${names.join(' and ')}.`,
    `make demo FLAVOUR=${names.at(-1)}; without FLAVOUR it is ${names[0]}.`,
  )
}
