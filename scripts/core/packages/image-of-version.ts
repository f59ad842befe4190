import type { ImageFacts } from '../image/image-facts.ts'
import { finishedTag } from '../image/leftovers.ts'
import { noSuchVersion, severalOfVersion } from './errors.ts'

/**
 * The newest candidate of a version, among the riglet's own images. `image` and `architecture`: which ones are meant;
 * undefined: there is only one.
 * @throws RigletError NOT_FOUND, naming what there is
 */
export function imageOfVersion(
  version: string,
  owned: readonly ImageFacts[],
  { image, architecture }: { readonly image: string | undefined; readonly architecture: string | undefined },
): ImageFacts {
  const candidates = owned.filter(
    ({ tags }) => tags[finishedTag] !== undefined && tags['CandidateImageId'] === undefined,
  )
  const asked = candidates.filter(
    (one) =>
      (image === undefined || one.tags['Image'] === image) &&
      (architecture === undefined || one.architecture === architecture),
  )
  const found = asked
    .filter(({ tags }) => tags['Version'] === version)
    .toSorted((one, other) => (one.created < other.created ? 1 : -1))
  const [newest] = found
  if (newest === undefined) {
    const there = asked.length > 0 ? different(asked, 'Version') : different(candidates, 'Image')
    throw noSuchVersion(version, image, architecture, asked.length > 0 ? 'Versions' : 'Images', there)
  }
  const images = different(found, 'Image')
  if (images.length > 1) throw severalOfVersion(version, 'IMAGE', images)
  const architectures = [...new Set(found.map((one) => one.architecture))].sort()
  if (architectures.length > 1) throw severalOfVersion(version, 'ARCH', architectures)
  return newest
}

const different = (images: readonly ImageFacts[], tag: string): string[] =>
  [...new Set(images.map(({ tags }) => tags[tag] ?? ''))].sort()
