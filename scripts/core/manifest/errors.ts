import { RigletError } from '../errors.ts'

const listed = (words: readonly string[]): string => (words.length === 0 ? 'nothing' : words.toSorted().join(', '))

export const noManifest = (file: string): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `There is no ${file}: nothing was published yet.`,
    'It is written when an image is published. Another file: MANIFEST=path',
  )

export const noSuchUseCase = (
  image: string,
  useCases: readonly string[],
  aliases: Readonly<Record<string, string>>,
  file: string,
): RigletError => {
  const old = Object.keys(aliases).length === 0 ? '' : `\nOlder names: ${listed(Object.keys(aliases))}`
  return new RigletError('NOT_FOUND', `${file} has no image ${image}.`, `It has: ${listed(useCases)}${old}`)
}

export const noSuchRegion = (image: string, region: string, regions: readonly string[], file: string): RigletError =>
  new RigletError('NOT_FOUND', `${file} has no ${image} in ${region}.`, `It is published in: ${listed(regions)}`)

export const noSuchArchitecture = (
  image: string,
  region: string,
  architecture: string,
  there: readonly string[],
  file: string,
): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `${file} has no ${image} of architecture ${architecture} in ${region}.`,
    `There is: ${listed(there)}`,
  )

export const severalArchitectures = (image: string, region: string, there: readonly string[]): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `${image} is published in ${region} for several architectures: ${listed(there)}.`,
    `Say which: ARCH=${there[0]!}`,
  )
