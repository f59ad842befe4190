import { setTimeout as wait } from 'node:timers/promises'
import { interrupted } from '../core/errors.ts'
import type { Clock } from '../core/ports/local/clock.ts'

export const makeClock = (signal: AbortSignal): Clock => ({
  now: () => new Date(),
  sleep: async (milliseconds) => {
    try {
      await wait(milliseconds, undefined, { signal })
    } catch {
      throw interrupted()
    }
  },
})
