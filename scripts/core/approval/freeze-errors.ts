import { RigletError } from '../errors.ts'
import { freezeWords, minute, type Freeze } from './freeze.ts'
import { nameIn } from './person.ts'

/** `what`: nothing was approved, or nothing was done; `then`: what helps when it is over. */
export const frozen = (environment: string, freeze: Freeze, what: string, then: string): RigletError =>
  new RigletError(
    'APPROVAL',
    `${environment} is frozen ${freezeWords(freeze)} (by ${nameIn(freeze.by)}).`,
    `${what} After that time, or once it is thawed (\`make thaw ENV=${environment}\`), ${then}`,
  )

export const freezeUnreadable = (place: string, why: string, cause?: unknown): RigletError =>
  new RigletError(
    'APPROVAL',
    `The freeze in the parameter ${place} cannot be read, so it is taken for one: ${why}`,
    '`make thaw ENV=...` removes it; `make freeze` makes it anew.',
    cause,
  )

/** All that is wrong with a freeze that somebody wants. */
export const freezeFaults = (faults: readonly string[]): RigletError =>
  new RigletError(
    'USAGE',
    faults.length === 1 ? faults[0]! : `Nothing was frozen:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    'Nothing was changed. For example: make freeze ENV=production UNTIL=2026-12-24T18:00Z REASON="Christmas trade"',
  )

export const noSuchTime = (until: string): string => `UNTIL=${until} is a day that the calendar does not have.`

export const pastTime = (until: string, now: Date): string =>
  `UNTIL=${until} is over: it is ${minute(now.toISOString())} now.`

export const nothingToFreeze = (environment: string, pipeline: string, guarded: readonly string[]): string =>
  `${pipeline} has no guard before ${environment}, so nothing could hold a freeze there; it has one before ${
    guarded.length === 0 ? 'no environment' : guarded.join(', ')
  }.`
