import { days, mostDaysPublic } from '../../cleaning/reasons.ts'
import { revocationOf } from '../../revocation/revocation.ts'
import type { ImageFacts } from '../../image/image-facts.ts'
import { manifestFile, type Entry, type Manifest } from '../../manifest/manifest.ts'
import { imagesPart, type Finding } from '../report.ts'

/** A manifest, and since when it holds: as the checkout has it, or as a tag has it. */
export type ManifestAt = {
  readonly tag: string | undefined
  /** When the tag was made, in milliseconds since 1970. */
  readonly time: number
  readonly manifest: Manifest
}

/** An AMI that manifests name. */
type Published = {
  readonly useCase: string
  readonly region: string
  readonly entry: Entry
  readonly current: boolean
  readonly tags: readonly string[]
  /** When the newest of them was made. */
  readonly time: number
}

export type PublishedLook = {
  /** undefined: it is not there, or may not be used; `unchecked`: nobody could look. */
  readonly imageOf: (id: string, region: string) => ImageFacts | 'unchecked' | undefined
  /** Accounts that images.yaml shares it with, and that may not use it. */
  readonly withoutAccess: (useCase: string, region: string, id: string) => readonly string[]
}

/** Is every AMI of every manifest there, and as open as the manifest says (B06, G24)? */
export const publishedFindings = (
  manifests: readonly ManifestAt[],
  look: PublishedLook,
  now: Date,
): { readonly checked: number; readonly findings: readonly Finding[] } => {
  const all = publishedIn(manifests)
  return {
    checked: all.filter(({ entry, region }) => look.imageOf(entry.id, region) !== 'unchecked').length,
    findings: all.flatMap((one) => findingsOf(one, look, now)),
  }
}

function publishedIn(manifests: readonly ManifestAt[]): readonly Published[] {
  const found = new Map<string, Published>()
  // The checkout's own first: what it says of an AMI is what holds.
  const order = manifests.toSorted(
    (one, other) => Number(one.tag !== undefined) - Number(other.tag !== undefined) || other.time - one.time,
  )
  for (const { tag, time, manifest } of order)
    for (const [useCase, regions] of Object.entries(manifest))
      for (const [region, entries] of Object.entries(regions))
        for (const entry of entries) {
          const key = `${region} ${entry.id}`
          const known = found.get(key) ?? { useCase, region, entry, current: tag === undefined, tags: [], time }
          found.set(key, { ...known, tags: tag === undefined ? known.tags : [...known.tags, tag] })
        }
  return [...found.values()]
}

function findingsOf(
  { useCase, region, entry, current, tags, time }: Published,
  look: PublishedLook,
  now: Date,
): readonly Finding[] {
  const image = look.imageOf(entry.id, region)
  if (image === 'unchecked') return []
  const subject = `${entry.id} (${useCase} ${entry.architecture} in ${region})`
  const by = current ? manifestFile : `the manifest of ${tags[0]!}`
  const differs = (what: string, expected: string, actual: string): Finding[] =>
    !current && entry.public && now.getTime() - time > days(mostDaysPublic)
      ? [
          {
            type: 'expected',
            environment: imagesPart,
            subject,
            what: `${what}; ${tags[0]!} is over two years old, and public images are kept no longer`,
          },
        ]
      : [
          {
            type: 'drifted',
            environment: imagesPart,
            subject,
            what: `${what}, though ${by} names it`,
            expected,
            actual,
          },
        ]
  if (image === undefined) return differs('is not there, or may not be used', 'available', 'no such image')
  if (image.state !== 'available') return differs('cannot be launched from', 'available', image.state)
  if (revocationOf(image.tags) !== undefined)
    return [{ type: 'expected', environment: imagesPart, subject, what: `is revoked, though ${by} names it` }]
  const deprecated = (at: string | null | undefined): string => (at ? new Date(at).toISOString() : 'never')
  const without = current ? look.withoutAccess(useCase, region, entry.id) : []
  return [
    ...(entry.public === (image.public === true)
      ? []
      : differs('is not as open as it should be', openness(entry.public), openness(image.public === true))),
    ...(current && deprecated(entry.deprecation_time) !== deprecated(image.deprecation)
      ? differs('is deprecated at another time', deprecated(entry.deprecation_time), deprecated(image.deprecation))
      : []),
    ...(without.length === 0
      ? []
      : differs('is not shared as images.yaml says', `shared with ${without.join(', ')}`, 'not shared with them')),
  ]
}

const openness = (open: boolean): string => (open ? 'public' : 'not public')
