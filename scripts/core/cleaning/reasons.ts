import { publishedTag } from '../distribution/replica.ts'
import type { ImageFacts } from '../image/image-facts.ts'
import { halfMade } from '../image/leftovers.ts'
import { revocationOf } from '../revocation/revocation.ts'
import type { CleaningRules, Findings } from './findings.ts'
import { namedWords } from './named-images.ts'

/** In milliseconds. */
export const days = (count: number): number => count * 86_400_000

/** A public image is AWS's to deprecate after two years; a release of that time holds it no longer (G35).
 *  https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html */
export const mostDaysPublic = 730

export const failedStates = ['failed', 'invalid', 'error']

const other = ['available', 'disabled', ...failedStates]

/** When others could use it first, or else when it was made; in milliseconds since 1970. */
export const beganAt = ({ tags, created }: ImageFacts): number => Date.parse(tags[publishedTag] ?? created)

/** Why an image has to stay, in words; nothing: no reason is known. `uses`: of this image alone. */
export function reasonsToStay(
  image: ImageFacts,
  { uses, named }: Pick<Findings, 'uses' | 'named'>,
  { now, keepDays }: Pick<CleaningRules, 'now' | 'keepDays'>,
): readonly string[] {
  const { id, state, tags } = image
  if (halfMade([image]).length > 0) return ['it was never finished; make sweep removes it']
  if (!other.includes(state)) return [`it is ${state}`]
  const began = beganAt(image)
  if (Number.isNaN(began)) return [`it does not say when it was made: ${tags[publishedTag] ?? image.created}`]
  const naming = named.byId.get(id)
  const outlived = image.public === true && now.getTime() - began > days(mostDaysPublic)
  return [
    ...uses.map(({ by }) => by),
    ...(naming === undefined ? [] : namedWords(naming, !outlived)),
    // No way back leads to what is revoked.
    ...(revocationOf(tags) === undefined ? wayBack(image, began, named.lastRelease, now.getTime(), keepDays) : []),
  ]
}

/** What holds an image that nothing refers to now, and that was not revoked. */
function wayBack(
  { tags, public: open }: ImageFacts,
  began: number,
  release: Findings['named']['lastRelease'],
  now: number,
  keepDays: number,
): readonly string[] {
  const age = Math.floor((now - began) / days(1))
  const published = open === true || tags[publishedTag] !== undefined
  return [
    ...(age < keepDays ? [`it is ${age} days old, and KEEP_DAYS=${keepDays} keeps a way back`] : []),
    ...(published && release === undefined ? ['it was published, and no tag is a release yet'] : []),
    ...(published && release !== undefined && began > release.time
      ? [`it is newer than the last release, ${release.tag}`]
      : []),
  ]
}
