import { createHash } from 'node:crypto'
import { isExecutable, type TreeEntry } from '../source/tree.ts'

export type Inputs = {
  /** What Packer may upload, with what links lead to. */
  readonly entries: readonly TreeEntry[]
  readonly baseImageId: string
  readonly version: string
  readonly architecture: string
  /** Whether the image's volumes are. */
  readonly encrypted: boolean
  /** Packer variables that the environment sets (PKR_VAR_name). */
  readonly given: Readonly<Record<string, string>>
}

/**
 * Hash of everything that goes into an image, in hex: the same hash means the same image. Neither commit nor time is
 * part of it, or every push would bake. Of modes only what git keeps is: a build, which has the commit's files from an
 * archive, must get the same hash.
 */
export const inputsHash = ({ entries, baseImageId, version, architecture, encrypted, given }: Inputs): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        ...[version, architecture, baseImageId, sorted(Object.entries(given)), sorted(entries.map(row))],
        ...(encrypted ? [] : ['not encrypted']),
      ]),
    )
    .digest('hex')

const row = (entry: TreeEntry): readonly string[] => {
  switch (entry.type) {
    case 'file':
      return [entry.path, isExecutable(entry.mode) ? 'executable' : 'file', entry.digest]
    case 'folder':
      return [entry.path, 'folder']
    case 'link':
      return [entry.path, 'link', entry.target]
  }
}

/** By their text, not by a language's rules: in a build those may be others. */
const sorted = (rows: readonly (readonly string[])[]): (readonly string[])[] =>
  rows
    .map((cells) => ({ cells, key: JSON.stringify(cells) }))
    .sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
    .map(({ cells }) => cells)
