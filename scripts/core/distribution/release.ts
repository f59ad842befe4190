import type { ParameterVersion } from '../ports/parameters.ts'
import { noRelease, noVersion, severalReleases } from './channel-errors.ts'

/** What a channel names: a git tag, of which each milestone has one. */
export type Release = { readonly tag: string; readonly milestone: string }

/** v1.4.2, 1.4, web/v1.4.2: of milestone 1.4 all of them. v1.4.2-rc1 is on its way there. */
const numbered = /^(?:[^.]*[^0-9.])?(\d+\.\d+)(?:\.\d+)?$/

/**
 * The release that a commit is, by its tags (G18). `milestone`: where it does not follow from the tag.
 * @throws RigletError IMAGE
 */
export function releaseOf(tags: readonly string[], milestone: string | undefined): Release {
  if (tags.length === 0) throw noRelease()
  const releases = tags.flatMap((tag) => {
    const found = numbered.exec(tag)?.[1]
    return found === undefined ? [] : [{ tag, milestone: milestone ?? found }]
  })
  if (releases.length > 1) throw severalReleases(releases.map(({ tag }) => tag))
  if (releases.length === 1) return releases[0]!
  if (milestone === undefined || tags.length > 1) throw noVersion(tags)
  return { tag: tags[0]!, milestone }
}

/** What is known of a value that a channel has, or had. */
export type Promotion = {
  readonly release: Release
  readonly id: string
  /** The version of the image. */
  readonly version: string
  /** `taken back`: it had been promoted before, and then another one. */
  readonly how: 'promoted' | 'taken back'
  /** When AWS got it, in milliseconds since 1970. */
  readonly time: number
}

/** The parameter's description, of which AWS keeps 1024 characters. People read it in the console, too. */
export const describePromotion = (
  { release, version, how }: Omit<Promotion, 'time'>,
  now: Date,
  reason: string | undefined,
): string =>
  `Release ${release.tag} of milestone ${release.milestone}, version ${version}, ${how} at ` +
  `${now.toISOString().replace(/\.\d+/, '')}${reason === undefined ? '' : `: ${reason}`}`

const described = /^Release (\S+) of milestone (\S+), version (.+?), (promoted|taken back) at \S+Z(?:: .*)?$/

/** What somebody put there without riglet is a release of its own, in a milestone that no other is of. */
export function promotionOf({ value, description, time }: ParameterVersion): Promotion {
  const [, tag = value, milestone = `-${value}`, version = value, how] = described.exec(description) ?? []
  return { release: { tag, milestone }, id: value, version, time, how: how === 'taken back' ? how : 'promoted' }
}

/**
 * The promotions that stand behind what a channel names now, the newest last: what was taken back is none of them. `time`
 * tells when each was promoted first.
 */
export function standing(history: readonly ParameterVersion[]): readonly Promotion[] {
  const stack: Promotion[] = []
  for (const promotion of history.map(promotionOf)) {
    const same = stack.findLastIndex(({ release }) => release.tag === promotion.release.tag)
    const again = same >= 0 && (promotion.how === 'taken back' || same === stack.length - 1)
    if (again) stack.splice(same, stack.length, { ...promotion, time: stack[same]!.time })
    else stack.push(promotion)
  }
  return stack
}
