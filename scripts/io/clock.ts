import { setTimeout as wait } from 'node:timers/promises'
import { interrupted } from '../core/catalogue/settings.ts'
import type { Clock } from '../core/ports.ts'

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
