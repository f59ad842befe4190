import type { Change } from '../distribution/document.ts'
import type { Place } from '../distribution/place.ts'
import { commitOf, type ImageFacts } from '../image/image-facts.ts'
import type { DesiredImage } from '../manifest/desired-images.ts'

/** Of an approval's comment CodePipeline takes 1000 characters, and words of ours stand before it. */
const most = 700

/** An image's tags are as whoever baked it wrote them. */
const shown = (text: string): string => {
  const line = text.replace(/[^\x20-\x7e]/g, '?')
  return line.length <= most ? line : `${line.slice(0, most)}...`
}

/** What would be published where and for whom: what a person approves. */
export function publishSummary(
  image: DesiredImage,
  candidate: ImageFacts,
  places: readonly Place[],
  consumers: readonly string[],
): string {
  const { Version: version = 'unknown' } = candidate.tags
  const commit = commitOf(candidate.tags)?.slice(0, 7) ?? 'unknown'
  const whom = image.public ? 'EVERYBODY' : consumers.length === 0 ? 'nobody else' : consumers.join(', ')
  return shown(
    `${image.name} ${version} of ${commit} (${candidate.id}) for ${whom} in ${places.map(({ title }) => title).join(', ')}`,
  )
}

/** What consumers of the manifest would get another image for. */
export const changesSummary = (changes: readonly Change[]): string =>
  changes.length === 0
    ? 'the manifest stays as it is'
    : shown(
        changes
          .map(({ useCase, region, to }) => `${useCase} in ${region} ${to === undefined ? 'no more' : `is ${to}`}`)
          .join('; '),
      )
