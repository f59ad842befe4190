import { isOfMajor, type Feed, type Offer, type Release } from '../feeds/feed.ts'
import { versionsOf, type Tracker } from './tracker.ts'

/** A feed beside its tracker, the oldest versions first. */
export type Difference = {
  /** In the feed, and built. */
  readonly built: readonly string[]
  /** In the feed alone: what is to be built (S06). */
  readonly missing: readonly Release[]
  /** In the tracker alone: the feed has it no more. */
  readonly gone: readonly string[]
}

export function difference(
  { releases }: Offer,
  tracker: Tracker,
  { product, major }: Pick<Feed, 'product' | 'major'>,
): Difference {
  const tracked = versionsOf(tracker, product)
  const offered = new Set(releases.map(({ version }) => version))
  const known = new Set(tracked)
  return {
    built: tracked.filter((version) => offered.has(version)),
    missing: releases.filter(({ version }) => !known.has(version)),
    gone: tracked.filter((version) => !offered.has(version) && isOfMajor(version, major)),
  }
}
