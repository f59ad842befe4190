import type { Feed, Offer } from '../feeds/feed.ts'
import { difference, type Difference } from './difference.ts'
import type { Tracker } from './tracker.ts'

/** One version on one base, for each of the architectures that the feed has it for. */
export type Build = { readonly version: string; readonly base: string; readonly architectures: readonly string[] }

/** What a nightly run would do: `missing` is the delta (S06), `builds` its matrix (S09, S10). */
export type NightlyPlan = Difference & { readonly builds: readonly Build[] }

/** The oldest version first, so that the newest image is that of the newest version. */
export function planNightly(offer: Offer, tracker: Tracker, feed: Feed): NightlyPlan {
  const parts = difference(offer, tracker, feed)
  const builds = parts.missing.flatMap((release) => feed.bases.map((base) => ({ ...release, base })))
  return { ...parts, builds }
}

/** The matrix, an image each. */
export const cellsOf = (
  builds: readonly Build[],
): readonly { readonly version: string; readonly base: string; readonly architecture: string }[] =>
  builds.flatMap(({ version, base, architectures }) =>
    architectures.map((architecture) => ({ version, base, architecture })),
  )
