import { access, lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { batchesOf } from '../../core/batches.ts'
import { gitEnvironment, gitWords } from '../../core/source/git.ts'
import type { TreeFault } from '../../core/source/tree.ts'
import { lfsPointer } from '../../core/source/source-archive.ts'
import type { Processes } from '../../core/ports/local/processes.ts'
import { objectsOf, staged, type Entry, type Git, type OwnGit } from './own-git.ts'
import { digestOf } from './tree.ts'

const [gitlink, link] = ['160000', '120000']

/** Puts what is checked out of submodules, and of theirs, in their places. */
export async function bringSubmodules(
  here: string,
  own: OwnGit,
  /** An empty folder: git wants one for this. */
  worktree: string,
  processes: Processes,
  borrow: (objects: string) => Promise<void>,
): Promise<TreeFault[]> {
  const missing = new Map<string, TreeFault>()
  for (;;) {
    const found = (await staged(own)).filter(({ mode, path }) => mode === gitlink && !missing.has(path))
    if (found.length === 0) return [...missing.values()]
    for (const { id, path } of found) {
      const within = (args: readonly string[]) =>
        processes.run('git', [...gitWords, '-C', join(here, path), ...args], { env: gitEnvironment })
      // In the empty folder of one that is not checked out git would answer for the repository around it.
      const out = await access(join(here, path, '.git')).then(
        async () => (await within(['cat-file', '-e', `${id}^{commit}`])).code === 0,
        () => false,
      )
      if (!out) {
        const remedy = `git submodule update --init --recursive ${path}`
        missing.set(path, { path, what: `is a submodule whose commit ${id.slice(0, 7)} is not here`, remedy })
        continue
      }
      await borrow(await objectsOf(async (args) => (await within(args)).stdout))
      await own(['update-index', '-z', '--index-info'], { input: `0 ${'0'.repeat(id.length)}\t${path}\0` })
      await own(['read-tree', `--prefix=${path}/`, id], { worktree })
    }
  }
}

type Behind = Entry & { readonly filter: string }

/** Files behind a filter, of Git LFS or another, are something else in the commit: what stands here is brought instead. */
export async function bringFiltered(
  here: string,
  own: OwnGit,
  git: Git,
): Promise<{ readonly missing: readonly TreeFault[]; readonly attributes: readonly string[] }> {
  const behind = await filtered(own)
  if (behind.length === 0) return { missing: [], attributes: [] }
  const changed = new Set((await git(['diff', '--name-only', '-z', '--relative', '--no-renames', 'HEAD'])).split('\0'))
  const missing: TreeFault[] = []
  const brought: Behind[] = []
  for (const file of behind) {
    const pointer = file.filter === 'lfs' ? await pointerIn(file.id, own) : undefined
    if (file.filter === 'lfs' && pointer === undefined) continue
    const fault =
      pointer === undefined ? changedHere(file, changed) : await awayFrom(join(here, file.path), file.path, pointer)
    if (fault === undefined) brought.push(file)
    else missing.push(fault)
  }
  for (const some of batchesOf(brought, 100)) {
    const places = some.map(({ path }) => join(here, path))
    const ids = (await own(['hash-object', '-w', '--no-filters', '--', ...places])).split('\n')
    const input = some.map(({ mode, path }, index) => `${mode} ${ids[index]}\t${path}\0`).join('')
    await own(['update-index', '-z', '--index-info'], { input })
  }
  // They are as a checkout left them: nothing is to be converted again.
  return { missing, attributes: brought.map(({ path }) => `${pattern(path)} -text -ident -working-tree-encoding`) }
}

async function filtered(own: OwnGit): Promise<Behind[]> {
  const files = (await staged(own)).filter(({ mode }) => mode !== gitlink && mode !== link)
  const input = files.map(({ path }) => `${path}\0`).join('')
  const said = (await own(['check-attr', '--cached', '-z', '--stdin', 'filter'], { input })).split('\0')
  return files
    .map((file, index) => ({ ...file, filter: said[index * 3 + 2]! }))
    .filter(({ filter }) => !['unspecified', 'unset', 'set'].includes(filter))
}

/** Pointers are small; what is larger was committed without Git LFS. */
const pointerIn = async (id: string, own: OwnGit): Promise<ReturnType<typeof lfsPointer>> =>
  Number(await own(['cat-file', '-s', id])) > 1024 ? undefined : lfsPointer(await own(['cat-file', 'blob', id]))

async function awayFrom(
  place: string,
  path: string,
  pointer: { readonly sha256: string; readonly size: number },
): Promise<TreeFault | undefined> {
  const size = (await lstat(place).catch(() => undefined))?.size
  if (size === pointer.size && (await digestOf(place)) === pointer.sha256) return undefined
  const what = 'is kept by Git LFS, and only its pointer is in the commit: what it points to is not here'
  return { path, what, remedy: `git lfs pull --include ${path}` }
}

const changedHere = ({ path, filter }: Behind, changed: ReadonlySet<string>): TreeFault | undefined =>
  changed.has(path)
    ? {
        path,
        what: `goes through the filter ${filter}, and what stands here is not what is committed`,
        remedy: `git commit ${path}, or git checkout ${path}`,
      }
    : undefined

/** A path as .gitattributes spells it. */
const pattern = (path: string): string => JSON.stringify(`/${path.replace(/[\\*?[\]]/g, '\\$&')}`)
