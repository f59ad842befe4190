import { RigletError } from '../errors.ts'
import type { ImageFacts } from '../image/image-facts.ts'

export const noSuchVersion = (
  version: string,
  image: string | undefined,
  architecture: string | undefined,
  what: 'Versions' | 'Images',
  there: readonly string[],
): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `There is no image ${image === undefined ? '' : `${image} `}of version ${version}${architecture === undefined ? '' : ` for ${architecture}`}.`,
    `FROM and TO are versions of images that are there, or their ids. ${what} there: ${there.join(', ') || 'none'}`,
  )

export const severalOfVersion = (version: string, setting: 'IMAGE' | 'ARCH', there: readonly string[]): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `Several images are of version ${version}: ${there.join(', ')}.`,
    `Say which: ${setting}=${there[0]!}. Or name both images by their ids: FROM=ami-... TO=ami-...`,
  )

/** `found`: what this account can see under that id. */
export const notOfRiglet = (
  id: string,
  region: string,
  riglet: { readonly owner: string; readonly project: string },
  found: ImageFacts | undefined,
): RigletError =>
  found === undefined
    ? new RigletError(
        'NOT_FOUND',
        `There is no image ${id} in ${region} that this account can see.`,
        'It was never there, was deregistered, or lies in another region: REGION=',
      )
    : new RigletError(
        'IMAGE',
        `${id} (${found.name}) is no image of OWNER=${riglet.owner} PROJECT=${riglet.project} in this account.`,
        'Only images of this riglet have lists of their packages. Of a copy, name its candidate (its tag CandidateImageId).',
      )

export const noPackageList = (images: readonly string[]): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `There is no list of the packages of ${images.join(' and ')}.`,
    'Its bake kept none, as older ones and those that were cut off did, or its pipeline was deleted, and its lists with it.\n' +
      'Name images that have one: FROM=ami-... TO=ami-...',
  )
