import type { Relation } from '../../source/git.ts'
import type { Archived } from '../../source/source-archive.ts'

export type Commit = {
  readonly id: string
  readonly message: string
  readonly author: string
  readonly time: string
}

/** What an archive gets beside what is committed: name -> text, or the file that it is a copy of. */
export type Added = Readonly<Record<string, string | { readonly file: string }>>

/** A file as a tag has it, or as a commit has it or had it before its change. */
export type FileVersion = {
  readonly type: 'tag' | 'commit'
  /** The tag, or the commit in short. */
  readonly name: string
  /** When the tag or the commit was made, in milliseconds since 1970. */
  readonly time: number
  readonly text: string
}

export type FileVersions = {
  /** All there is of the repository's history is here; a shallow clone has not all. */
  readonly complete: boolean
  readonly versions: readonly FileVersion[]
}

export type Git = {
  readonly head: () => Promise<Commit>
  /** undefined: HEAD is detached. */
  readonly branch: () => Promise<string | undefined>
  /** Names of the tags that the commit which is checked out carries. */
  readonly tags: () => Promise<string[]>
  /** A file in all tags, and in the commits since a time that changed it; where it is missing there is no version. */
  readonly versionsOf: (path: string, since: Date) => Promise<FileVersions>
  /**
   * Which commits another repository has under these names, such as refs/heads/main, with a person's own credentials; names that it
   * does not have are left out.
   * @throws RigletError TOOL_FAILED
   */
  readonly refsOf: (url: string, names: readonly string[]) => Promise<ReadonlyMap<string, string>>
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
  /** A zip at `path` of what is committed of some paths, and of `extra`. */
  readonly archivePaths: (paths: readonly string[], path: string, extra: Added) => Promise<void>
}
