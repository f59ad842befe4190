import type { SourceList } from '../../source/source-archive.ts'
import type { Tree } from '../../source/tree.ts'

/** Paths are relative to the checkout. */
export type Files = {
  readonly read: (path: string) => Promise<string>
  readonly readIfThere: (path: string) => Promise<string | undefined>
  readonly write: (path: string, text: string) => Promise<void>
  readonly exists: (path: string) => Promise<boolean>
  /** Paths below a folder, sorted; empty when there is none. */
  readonly list: (folder: string) => Promise<string[]>
  /** What stands below a folder, with modes, digests and what links lead to; what cannot be read is among its faults. */
  readonly tree: (folder: string, desired?: (path: string) => boolean) => Promise<Tree>
  /**
   * Copies a folder, with modes and links, to where there is none; it appears whole, or not at all. Files in `changed`, by
   * their paths below it, get another path and text.
   */
  readonly copyFolder: (
    from: string,
    to: string,
    changed: ReadonlyMap<string, { readonly path: string; readonly text: string }>,
  ) => Promise<void>
  /** Gives files that came from an archive the modes and links that it was made from. Returns the paths that are missing. */
  readonly settle: (source: SourceList) => Promise<string[]>
}
