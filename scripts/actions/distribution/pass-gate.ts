import { opensAt, type Gate } from '../../core/distribution/waves.ts'
import type { ReplicaPlan } from '../../core/distribution/plan-replica.ts'
import { heldOf } from '../../core/distribution/replica.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { until } from '../../core/until.ts'
import { orUnchecked } from '../../engine/of-many.ts'
import { lookAtPlaces } from './look-at-places.ts'

/**
 * Waits for the pause between two waves, and looks at the alarm (B17). The pause counts from the newest copy of the wave, as
 * EC2 tells it: a run that was interrupted goes on where it was. Answers why the next wave may not begin, if it may not.
 */
export async function passGate(
  gate: Gate,
  plans: readonly ReplicaPlan[],
  ports: Pick<Ports, 'at' | 'clock' | 'terminal'>,
): Promise<string | undefined> {
  const looks = await lookAtPlaces(
    plans.map(({ replica }) => replica),
    ports,
    { sharing: false },
  )
  const created: string[] = []
  for (const { replica, seen } of looks) {
    if (seen.type === 'unchecked') return `${replica.place.title} could not be read again: ${seen.why}`
    const held = replica.place.home ? undefined : heldOf(replica, seen.held)
    if (held !== undefined) created.push(held.created)
  }
  const opens = opensAt(gate, created)
  const left = (): number => opens - ports.clock.now().getTime()
  if (created.length > 0 && left() > 0) {
    ports.terminal.say(`Waiting until ${new Date(opens).toISOString()} before the next wave`)
    await until(ports.clock, () => Promise.resolve(left()), {
      done: (rest) => rest <= 0,
      pause: 15_000,
      minutes: gate.minutes + 1,
    })
  }
  return gate.alarm === undefined ? undefined : goesOff(gate.alarm, plans, ports)
}

/** An alarm that is nowhere guards nothing: that is not taken for calm. */
async function goesOff(
  alarm: string,
  plans: readonly ReplicaPlan[],
  { at }: Pick<Ports, 'at'>,
): Promise<string | undefined> {
  const places = [...new Map(plans.map(({ replica: { place } }) => [place.title, place])).values()]
  const states = await Promise.all(
    places.map(async ({ target, title }) => ({ title, state: await orUnchecked(at(target).alarms.state(alarm)) })),
  )
  for (const { title, state } of states)
    if (typeof state === 'object') return `the alarm ${alarm} could not be looked at in ${title}: ${state.why}`
  const loud = states.find(({ state }) => state === 'ALARM')
  if (loud !== undefined) return `the alarm ${alarm} goes off in ${loud.title}`
  return states.some(({ state }) => state !== undefined)
    ? undefined
    : `there is no alarm ${alarm} in ${states.map(({ title }) => title).join(', ')}`
}
