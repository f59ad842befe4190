import type { Relation } from '../../source/git.ts'
import type { Archived } from '../../source/source-archive.ts'

export type Commit = {
  readonly id: string
  readonly message: string
  readonly author: string
  readonly time: string
}

export type Git = {
  readonly head: () => Promise<Commit>
  /** undefined: HEAD is detached. */
  readonly branch: () => Promise<string | undefined>
  /** Names of the tags that the commit which is checked out carries. */
  readonly tags: () => Promise<string[]>
  /** How a commit stands to another one; both may be shortened. */
  readonly relation: (commit: string, to: string) => Promise<Relation>
  /** Paths with changes that are not committed, all or below some. */
  readonly changed: (below?: readonly string[]) => Promise<string[]>
  /** What is committed of some paths: a digest of all of it, and the last commit that changed it. */
  readonly treeOf: (paths: readonly string[]) => Promise<{ readonly tree: string; readonly commit: string }>
  /**
   * A zip at `path` of what a checkout of the commit would be: with submodules, what Git LFS keeps and what is marked
   * export-ignore, as far as it is here. Of the first folder in `looked` it also tells what the archive holds; the
   * others are what its links lead to.
   */
  readonly archive: (commit: Commit, path: string, looked: readonly string[]) => Promise<Archived>
  /** A zip at `path` of what is committed of some paths, and of `extra`: name -> text. */
  readonly archivePaths: (
    paths: readonly string[],
    path: string,
    extra: Readonly<Record<string, string>>,
  ) => Promise<void>
}
