import type { Site } from '../distribution/sites.ts'
import { publishedTag } from '../distribution/replica.ts'
import { commitOf, type ImageFacts } from '../image/image-facts.ts'
import { revocationOf, type Revocation } from '../revocation/revocation.ts'
import { isAlive, parentsIn, parentsOf, type Kin, type Located } from './family.ts'

/** One image of the riglet with all that came of it: from the commit to its copies, and to what others made of it (A17). */
export type Origin = {
  /** The candidate, which may be gone while copies of it are there. */
  readonly id: string
  /** Use case. */
  readonly image: string
  readonly version: string
  readonly commit: string
  readonly architecture: string
  /** What it was baked on; empty: not known. */
  readonly base: string
  /** When it was made: of copies the earliest, where the candidate is gone. */
  readonly created: string
  readonly revocation: Revocation | undefined
  /** Itself and its copies. */
  readonly copies: readonly { readonly site: Site; readonly id: string; readonly published: boolean }[]
  /** What was made of any of them, and is not of the riglet. */
  readonly derived: readonly { readonly site: Site; readonly id: string }[]
}

/**
 * The images of a riglet, the newest first. `isOurs`: by its tags; `kin`: of all images. Each image is looked at once: a walk goes from it up to the
 * first one of the riglet, over whatever lies between.
 */
export function originsOf(
  images: readonly Located[],
  kin: readonly Kin[],
  isOurs: (image: ImageFacts) => boolean,
  commitTag: string,
): readonly Origin[] {
  const originOfCopy = new Map(
    images.flatMap(({ image }) =>
      isOurs(image) ? [[image.id, image.tags['CandidateImageId'] ?? image.id] as const] : [],
    ),
  )
  const parents = parentsIn(kin)
  const originAbove = (id: string, seen: readonly string[] = []): string | undefined => {
    const known = originOfCopy.get(id)
    if (known !== undefined || seen.includes(id)) return known
    for (const parent of parents.get(id) ?? []) {
      const found = originAbove(parent, [...seen, id])
      if (found !== undefined) return found
    }
    return undefined
  }
  const families = Map.groupBy(
    images.filter(({ image }) => isAlive(image)),
    ({ image }) => originAbove(image.id),
  )
  return [...families]
    .flatMap(([id, all]) => (id === undefined ? [] : [toOrigin(id, all, isOurs, commitTag)]))
    .sort((one, other) => (one.created < other.created ? 1 : -1))
}

function toOrigin(
  id: string,
  all: readonly Located[],
  isOurs: (image: ImageFacts) => boolean,
  commitTag: string,
): Origin {
  const copies = all.filter(({ image }) => isOurs(image))
  const candidate = copies.find(({ image }) => image.id === id)?.image
  const told = candidate ?? copies[0]!.image
  const tag = (name: string): string => told.tags[name] ?? ''
  const revocations = copies.flatMap(({ image }) => revocationOf(image.tags) ?? [])
  return {
    id,
    image: tag('Image'),
    version: tag('Version'),
    commit: commitOf(told.tags, commitTag) ?? '',
    architecture: told.architecture,
    base: tag('SourceImageId') || (candidate === undefined ? '' : (parentsOf(candidate)[0] ?? '')),
    created: candidate?.created ?? copies.map(({ image }) => image.created).sort()[0]!,
    revocation: revocations[0],
    copies: copies.map(({ site, image }) => ({ site, id: image.id, published: publishedTag in image.tags })),
    derived: all.flatMap(({ site, image }) => (isOurs(image) ? [] : [{ site, id: image.id }])),
  }
}
