import { isExecutable, type Tree, type TreeEntry, type TreeFault } from './tree.ts'

/**
 * What an archive of a commit is to become again in a build. Nobody promises that modes and links survive: CodePipeline
 * and CodeBuild turn a link into a text file with its target. https://github.com/aws/aws-cdk/pull/14520
 */
export type SourceList = {
  readonly files: readonly string[]
  readonly executables: readonly string[]
  /** Path -> target. */
  readonly links: Readonly<Record<string, string>>
}

/** The file that a push adds at the top of the archive. */
export const sourceListFile = 'source-tree.json'

export type Archived = {
  /** What of the commit the archive does not hold. */
  readonly missing: readonly TreeFault[]
  /** What it holds of the paths that were asked for, as a build will see them. */
  readonly sent: Tree
}

/**
 * The digest and size that a pointer of Git LFS names; undefined if the text is none.
 * https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 */
export function lfsPointer(text: string): { readonly sha256: string; readonly size: number } | undefined {
  const [first, ...lines] = text.split('\n')
  if (first !== 'version https://git-lfs.github.com/spec/v1') return undefined
  const value = (key: string): string => lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1) ?? ''
  const sha256 = /^sha256:([0-9a-f]{64})$/.exec(value('oid'))?.[1]
  return sha256 === undefined ? undefined : { sha256, size: Number(value('size')) }
}

export const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

/**
 * What Packer would upload here and not in a build, or otherwise, although git calls the checkout clean: files that git
 * ignores, empty folders, and changes that a setting hides (core.fileMode, core.autocrlf, assume-unchanged).
 * `changed`: what the person has been told already.
 */
export function unsaid(here: Tree, sent: Tree, changed: readonly string[]): TreeFault[] {
  const known = changed.map((path) => path.replace(/\/$/, ''))
  const there = new Map(sent.entries.map((entry) => [`${entry.type} ${entry.path}`, entry]))
  const used = new Set(here.entries.flatMap(({ path }) => parents(path)))
  return here.entries
    .filter(({ path }) => !known.some((folder) => isBelow(path, folder)))
    .flatMap((entry) => {
      const what = difference(entry, there.get(`${entry.type} ${entry.path}`), used)
      return what === undefined ? [] : { path: entry.path, ...what }
    })
}

function difference(
  here: TreeEntry,
  there: TreeEntry | undefined,
  used: ReadonlySet<string>,
): { readonly what: string; readonly remedy: string } | undefined {
  if (here.type === 'folder')
    return there !== undefined || used.has(here.path)
      ? undefined
      : { what: 'is an empty folder, which git does not keep', remedy: `touch ${here.path}/.gitkeep, and commit it` }
  if (there === undefined)
    return {
      what: 'is not in the commit, and git ignores it',
      remedy: `git add -f ${here.path}, and commit it; or remove it`,
    }
  if (here.type === 'link' || there.type !== 'file')
    return here.type === 'link' && there.type === 'link' && here.target === there.target
      ? undefined
      : { what: 'leads elsewhere in the commit', remedy: `git checkout ${here.path}` }
  if (here.digest !== there.digest)
    return {
      what: 'has other bytes here than a checkout of the commit gives',
      remedy: 'See core.autocrlf, and git ls-files -v (a small letter or S hides changes)',
    }
  return isExecutable(here.mode) === isExecutable(there.mode)
    ? undefined
    : {
        what: `is ${isExecutable(here.mode) ? '' : 'not '}executable here, and ${isExecutable(there.mode) ? '' : 'not '}in the commit`,
        remedy: `git update-index --chmod=${isExecutable(here.mode) ? '+' : '-'}x ${here.path}, and commit it (core.fileMode hides it)`,
      }
}

const parents = (path: string): string[] =>
  path
    .split('/')
    .slice(0, -1)
    .map((_, index, parts) => parts.slice(0, index + 1).join('/'))
