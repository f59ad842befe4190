import type { Clock } from '../core/ports/local/clock.ts'
import type { Regional } from '../core/ports/ports.ts'
import type { ClientOptions } from './client/clients.ts'
import { lazy } from './client/lazy.ts'

/** Everything that a region holds, loaded service by service as it is asked for. */
export const makeRegional = (options: ClientOptions, clock: Clock): Regional => ({
  stacks: lazy(async () => (await import('./cloudformation/stacks.ts')).makeStacks(options, clock)),
  images: lazy(async () => (await import('./images.ts')).makeImages(options)),
  imageUses: lazy(async () => (await import('./image-uses.ts')).makeImageUses(options)),
  retirement: lazy(async () => (await import('./retirement.ts')).makeRetirement(options)),
  publishing: lazy(async () => (await import('./publishing.ts')).makePublishing(options)),
  parameters: lazy(async () => (await import('./parameters.ts')).makeParameters(options)),
  buckets: lazy(async () => (await import('./buckets.ts')).makeBuckets(options)),
  pipelines: lazy(async () => (await import('./pipeline/pipelines.ts')).makePipelines(options)),
  inspection: lazy(async () => (await import('./inspection.ts')).makeInspection(options, clock)),
  fleet: lazy(async () => (await import('./fleet.ts')).makeFleet(options)),
  listeners: lazy(async () => (await import('./listeners.ts')).makeListeners(options)),
  alarms: lazy(async () => (await import('./alarms.ts')).makeAlarms(options)),
  keys: lazy(async () => (await import('./keys.ts')).makeKeys(options)),
  account: lazy(async () => (await import('./account.ts')).makeAccount(options)),
})
