import { createHash } from 'node:crypto'

export type Inputs = {
  /** Path below the image's folder -> content. */
  readonly files: Readonly<Record<string, string>>
  readonly baseImageId: string
  readonly version: string
  readonly architecture: string
}

/**
 * Hash of everything that goes into an image, in hex: the same hash means the same image. Neither commit nor time is
 * part of it, or every push would bake.
 */
export const inputsHash = ({ files, baseImageId, version, architecture }: Inputs): string =>
  createHash('sha256')
    .update(JSON.stringify([version, architecture, baseImageId, Object.entries(files).sort(byPath)]))
    .digest('hex')

const byPath = ([left]: readonly [string, string], [right]: readonly [string, string]): number =>
  left < right ? -1 : 1
