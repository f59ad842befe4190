import { isRigletError } from '../errors.ts'
import { readJson, withTexts } from '../json.ts'
import { freezeUnreadable } from './freeze-errors.ts'
import type { Freeze } from './freeze.ts'

/**
 * A freeze as it was kept, while it holds: one that has run out is none, whoever forgot to thaw it.
 * @throws RigletError APPROVAL when it cannot be read: then nobody knows that it is over
 */
export async function readFreeze(place: string, text: string | undefined, now: Date): Promise<Freeze | undefined> {
  if (text === undefined) return undefined
  const shape = withTexts('until', 'reason', 'by', 'since')
  const freeze: Freeze = await readJson(place, text, shape).catch((error: unknown) => {
    throw isRigletError(error) ? freezeUnreadable(place, error.message, error) : error
  })
  const until = Date.parse(freeze.until)
  if (Number.isNaN(until)) throw freezeUnreadable(place, `"${freeze.until.slice(0, 40)}" is no time`)
  return now.getTime() < until ? freeze : undefined
}
