import type { Clock, Regional } from '../core/ports.ts'
import type { ClientOptions } from './clients.ts'
import { lazy } from './lazy.ts'

/** Everything that a region holds, loaded service by service as it is asked for. */
export const makeRegional = (options: ClientOptions, clock: Clock): Regional => ({
  stacks: lazy(async () => (await import('./stacks.ts')).makeStacks(options, clock)),
  images: lazy(async () => (await import('./images.ts')).makeImages(options)),
  parameters: lazy(async () => (await import('./parameters.ts')).makeParameters(options)),
  buckets: lazy(async () => (await import('./buckets.ts')).makeBuckets(options)),
  pipelines: lazy(async () => (await import('./pipelines.ts')).makePipelines(options)),
  inspection: lazy(async () => (await import('./inspection.ts')).makeInspection(options, clock)),
  fleet: lazy(async () => (await import('./fleet.ts')).makeFleet(options)),
  listeners: lazy(async () => (await import('./listeners.ts')).makeListeners(options)),
  keys: lazy(async () => (await import('./keys.ts')).makeKeys(options)),
  account: lazy(async () => (await import('./account.ts')).makeAccount(options)),
})
