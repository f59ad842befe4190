import { RigletError } from '../errors.ts'
import type { Unchecked } from './uses.ts'

export const notKnown = (image: string, names: readonly string[], unchecked: readonly Unchecked[]): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `This riglet has no image ${image}, and none that was made of one of its images.`,
    [
      names.length === 0 ? 'It has none.' : `It has images of: ${names.toSorted().join(', ')}`,
      ...unchecked.map(({ what, why }) => `Not checked: ${what}: ${why}`),
    ].join('\n'),
  )
