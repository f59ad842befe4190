import { publishedTag } from '../distribution/replica.ts'
import { placesOf, type Place } from '../distribution/place.ts'
import type { ImageFacts } from '../image/image-facts.ts'
import { aliasesOf, type Desired, type DesiredImage } from '../manifest/desired-images.ts'
import type { Entry, Manifest } from '../manifest/manifest.ts'
import { revocationOf, revocationWords } from '../revocation/revocation.ts'

/** What the manifest says of one place: that this image is published there. */
export type Claim = {
  readonly useCase: string
  /** As images.yaml has it now. */
  readonly image: DesiredImage
  readonly entry: Entry
  readonly place: Place
}

export type Claims = {
  readonly claims: readonly Claim[]
  /** Use cases that images.yaml does not name: nobody can tell whose account has them. */
  readonly unnamed: readonly string[]
}

export function claimsOf(manifest: Manifest, desired: Desired, home: string): Claims {
  const aliases = aliasesOf(desired)
  const known = Object.entries(manifest).map(
    ([useCase, regions]) => [useCase, regions, desired.images[aliases[useCase] ?? useCase]] as const,
  )
  return {
    claims: known.flatMap(([useCase, regions, image]) =>
      image === undefined
        ? []
        : placesOf({ ...image, regions: Object.keys(regions) }, desired, home).flatMap((place) =>
            regions[place.region]!.map((entry) => ({ useCase, image, entry, place })),
          ),
    ),
    unnamed: known.flatMap(([useCase, , image]) => (image === undefined ? [useCase] : [])),
  }
}

/** Why an image is not what publish left; undefined: it is. EC2's tags are the only ledger (decision 0022). */
export function faultOfClaim({ useCase, entry, place }: Claim, found: ImageFacts | undefined): string | undefined {
  const where = `${useCase} ${place.title} ${entry.architecture}: ${entry.id}`
  if (found === undefined) return `${where} is not there any more`
  if (found.state !== 'available') return `${where} is ${found.state}`
  const revocation = revocationOf(found.tags)
  if (revocation !== undefined) return `${where} is revoked ${revocationWords(revocation, entry.id)}`
  return found.tags[publishedTag] === undefined
    ? `${where} was never published: it has no tag ${publishedTag}`
    : undefined
}
