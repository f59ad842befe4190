import { freezeWords, type Freeze } from '../../core/approval/freeze.ts'
import { readFreeze } from '../../core/approval/read-freeze.ts'
import { appName, freezeName, type Environment, type Riglet, type Source } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { orWhy } from '../../engine/of-many.ts'

type FreezePorts = Pick<Ports, 'parameters' | 'clock'>

/**
 * The freeze that holds now, if any, by one call.
 * @throws RigletError APPROVAL when there is one that cannot be read
 */
export async function findFreeze(
  riglet: Riglet,
  environment: Environment,
  source: Source,
  { parameters, clock }: FreezePorts,
): Promise<Freeze | undefined> {
  const place = freezeName(riglet, environment, appName(source))
  return readFreeze(place, await parameters.get(place), clock.now())
}

/** What a screen says of it; an answer that was refused hides nothing else. */
export async function sayFreeze(
  riglet: Riglet,
  environment: Environment,
  source: Source,
  ports: FreezePorts & Pick<Ports, 'terminal'>,
): Promise<void> {
  const asked = await orWhy(findFreeze(riglet, environment, source, ports))
  if (asked.type === 'refused') ports.terminal.say(`Not checked whether ${environment} is frozen: ${asked.why}`)
  else if (asked.answer !== undefined)
    ports.terminal.say(`${environment} is FROZEN ${freezeWords(asked.answer)}. Nothing goes there before.`)
}
