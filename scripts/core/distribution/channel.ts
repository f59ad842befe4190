import { channelPath, versionIn, type Riglet } from '../names.ts'
import type { Desired, DesiredImage } from '../manifest/desired-images.ts'
import type { Entry, Manifest } from '../manifest/manifest.ts'
import type { ParameterVersion } from '../ports/parameters.ts'
import { revokedFault } from '../revocation/errors.ts'
import type { Revocation } from '../revocation/revocation.ts'
import { placesOf, type Place } from './place.ts'
import { describePromotion, promotionOf, standing, type Promotion, type Release } from './release.ts'

/** Where a channel names an image of one architecture: a parameter at one place. */
export type Pointer = { readonly place: Place; readonly parameter: string; readonly published: Entry }

/** What could be read of a pointer, the newest last. What was not read is never taken as absent. */
export type PointerLook = {
  readonly pointer: Pointer
  readonly seen:
    | {
        readonly type: 'seen'
        readonly history: readonly ParameterVersion[]
        /** Of the images that are published there, or were named, those that are revoked. */
        readonly revoked: ReadonlyMap<string, Revocation>
      }
    | { readonly type: 'unchecked'; readonly why: string }
}

type Named = { readonly id: string; readonly tag: string }

/** What is to be done about one pointer. */
export type PointerPlan = {
  readonly pointer: Pointer
  readonly named: Named | undefined
  /** The newest that was read; another run may have put something there since. */
  readonly newest?: ParameterVersion | undefined
  /** undefined: it stays as it is. */
  readonly move: (Named & { readonly description: string }) | undefined
  readonly fault?: string
  readonly unchecked?: string
}

/** The pointers of a channel: one for each architecture wherever an image is published. */
export function pointersOf(
  riglet: Riglet,
  channel: string,
  image: DesiredImage,
  published: Manifest[string],
  desired: Pick<Desired, 'accounts'>,
  home: string,
): readonly Pointer[] {
  const path = channelPath(riglet, channel, image.name)
  return placesOf({ ...image, regions: Object.keys(published) }, desired, home).flatMap((place) =>
    published[place.region]!.map((entry) => ({ place, parameter: `${path}/${entry.architecture}`, published: entry })),
  )
}

const namedBy = ({ id, release }: Promotion): Named => ({ id, tag: release.tag })

/** What is missing so that a channel names what a release published. */
export function planPromotion({ pointer, seen }: PointerLook, release: Release, now: Date): PointerPlan {
  if (seen.type === 'unchecked') return { pointer, named: undefined, move: undefined, unchecked: seen.why }
  const newest = seen.history.at(-1)
  const named = newest === undefined ? undefined : namedBy(promotionOf(newest))
  const { id, name } = pointer.published
  const revocation = seen.revoked.get(id)
  if (revocation !== undefined) return { pointer, named, move: undefined, fault: revokedFault(id, revocation) }
  if (named?.id === id && named.tag === release.tag) return { pointer, named, move: undefined }
  const description = describePromotion({ release, id, version: versionIn(name), how: 'promoted' }, now, undefined)
  return { pointer, named, newest, move: { id, tag: release.tag, description } }
}

/**
 * Another release that was promoted first in the same milestone, wherever it was, even if it was taken back (G19). Of two that were
 * promoted at once, the earlier one is the first everywhere.
 */
export function firstOfMilestone(looks: readonly PointerLook[], { tag, milestone }: Release): Release | undefined {
  const first = looks
    .flatMap(({ seen }) => (seen.type === 'seen' ? seen.history.map(promotionOf) : []))
    .toSorted((one, other) => one.time - other.time)
    .find(({ release }) => release.milestone === milestone)?.release
  return first?.tag === tag ? undefined : first
}

/** Another release that a parameter was given since it was looked at. */
export function putMeanwhile(
  history: readonly ParameterVersion[],
  { newest, move }: PointerPlan,
): ParameterVersion | undefined {
  const same = (one: ParameterVersion): boolean => one.time === newest?.time && one.description === newest.description
  return history.slice(history.findLastIndex(same) + 1).findLast((one) => {
    const { id, release } = promotionOf(one)
    return id !== move?.id || release.tag !== move.tag
  })
}

/** Why a place has no way back, though it named something before. */
export const allRevoked = 'all that it named here before is revoked'

/**
 * The way back from the release that was promoted last to what each place named before it. A place that does not name that
 * release, because it never did or went back already, stays as it is. What is revoked meanwhile is passed over.
 */
export function planWayBack(looks: readonly PointerLook[], now: Date, reason: string): readonly PointerPlan[] {
  const tops = looks.flatMap(({ seen }) => (seen.type === 'seen' ? (standing(seen.history).at(-1) ?? []) : []))
  const last = tops.toSorted((one, other) => other.time - one.time)[0]?.release.tag
  return looks.map(({ pointer, seen }) => {
    if (seen.type === 'unchecked') return { pointer, named: undefined, move: undefined, unchecked: seen.why }
    const [top, ...others] = standing(seen.history).toReversed()
    const before = others.find(({ id }) => !seen.revoked.has(id))
    const named = top === undefined ? undefined : namedBy(top)
    if (named?.tag !== last) return { pointer, named, move: undefined }
    if (before === undefined) {
      const fault = others.length === 0 ? 'it named nothing here before' : allRevoked
      return { pointer, named, move: undefined, fault }
    }
    const description = describePromotion({ ...before, how: 'taken back' }, now, reason)
    return { pointer, named, newest: seen.history.at(-1), move: { ...namedBy(before), description } }
  })
}
