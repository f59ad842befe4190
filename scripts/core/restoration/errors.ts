import { RigletError } from '../errors.ts'
import { desiredFile } from '../manifest/desired-images.ts'

export const unnamedImages = (names: readonly string[], file: string): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `${file} has images that ${desiredFile} does not name: ${names.toSorted().join(', ')}.`,
    `Nothing was changed. Nobody can tell which account publishes them: take ${desiredFile} of the same commit.`,
  )
