import { appendFile, copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileFault } from '../../core/errors.ts'
import type { TreeFault } from '../../core/source/tree.ts'
import { isBelow, sourceListFile, type Archived, type SourceList } from '../../core/source/source-archive.ts'
import type { Added, Commit } from '../../core/ports/local/git.ts'
import type { Processes } from '../../core/ports/local/processes.ts'
import { bringFiltered, bringSubmodules } from './bring-parts.ts'
import { objectsOf, ownGit, staged, type Entry, type Git, type OwnGit } from './own-git.ts'
import { readTree } from './tree.ts'

/** What archives are made with. `home`: where the repository is made; `path` of an archive is absolute, too. */
export type Making = { readonly git: Git; readonly processes: Processes; readonly home: string }

type Order = {
  readonly commit: Commit
  readonly path: string
  readonly looked: readonly string[]
}

const [link, executable] = ['120000', '100755']

/** A repository for one archive, and what stands in the one that it borrows the objects of. */
type Workshop = {
  readonly own: OwnGit
  /** Folder of the checkout, which may be one in the repository, and the tree of the commit there. */
  readonly here: string
  readonly prefix: string
  readonly tree: string
  readonly mark: (lines: readonly string[]) => Promise<void>
  readonly borrow: (objects: string) => Promise<void>
  readonly add: (files: Added) => Promise<string[]>
}

/**
 * Git's own archive leaves out what is marked export-ignore, and rewrites what is marked export-subst; so archives are made
 * in a repository of their own, which borrows the objects, and knows neither anybody's configuration nor those marks.
 */
async function inWorkshop<Made>(
  commit: string,
  { git, processes, home }: Making,
  make: (workshop: Workshop) => Promise<Made>,
): Promise<Made> {
  const line = async (...args: string[]): Promise<string> => (await git(args)).replace(/\n$/, '')
  const prefix = await line('rev-parse', '--show-prefix')
  const here = join(await line('rev-parse', '--show-toplevel'), prefix)
  const tree = await line('rev-parse', '--verify', `${commit}:${prefix}`)
  // Where objects are fetched when they are needed (partial clones), asking for sizes fetches them.
  await git(['ls-tree', '-r', '-l', '-z', tree])
  const own = ownGit(home, processes)
  await rm(home, { recursive: true, force: true })
  try {
    const format = await line('rev-parse', '--show-object-format')
    await mkdir(dirname(home), { recursive: true })
    await own(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, home])
    const borrow = (objects: string) => appendFile(join(home, 'objects/info/alternates'), `${objects}\n`)
    const mark = (lines: readonly string[]) =>
      appendFile(join(home, 'info/attributes'), lines.map((one) => `${one}\n`).join(''))
    for (const folder of ['info', 'extra']) await mkdir(join(home, folder), { recursive: true })
    await mark(['* -export-ignore -export-subst'])
    await borrow(await objectsOf(git))
    const add = async (files: Added): Promise<string[]> => {
      for (const [name, one] of Object.entries(files)) {
        const path = join(home, 'extra', name)
        await (typeof one === 'string' ? writeFile(path, one) : copyFile(one.file, path))
      }
      return Object.keys(files).map((name) => `--add-file=${join(home, 'extra', name)}`)
    }
    return await make({ own, here, prefix, tree, mark, borrow, add })
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

/** Archives what is committed of some paths; one that there is not is left out. */
export const archivePaths = (
  { paths, path, extra }: { readonly paths: readonly string[]; readonly path: string; readonly extra: Added },
  making: Making,
): Promise<void> =>
  inWorkshop('HEAD', making, async ({ own, tree, add }) => {
    const there = (await own(['ls-tree', '-z', '--name-only', tree, '--', ...paths])).split('\0').slice(0, -1)
    await own(['archive', '--format=zip', `--output=${path}`, ...(await add(extra)), tree, '--', ...there])
  })

/**
 * Archives what a checkout of the commit would be: with submodules, which git's own archive leaves out, too. What belongs
 * into it is in the index of its repository.
 */
export const archiveSource = ({ commit, path, looked }: Order, making: Making): Promise<Archived> =>
  inWorkshop(commit.id, making, async ({ own, here, prefix, tree, mark, borrow, add }) => {
    const sent = join(making.home, 'sent')
    await mkdir(sent)
    await own(['read-tree', tree])
    const submodules = await bringSubmodules(here, own, sent, making.processes, borrow)
    const filtered = await bringFiltered(here, own, making.git)
    await mark(filtered.attributes)

    const entries = await staged(own)
    const added = await add({ [sourceListFile]: JSON.stringify(await listOf(entries, own)) })
    const source = await sourceOf(commit, tree, prefix, own)
    await own(['archive', '--format=zip', `--output=${path}`, ...added, source])

    const names = entries.flatMap(unfit)
    const odd = new Set(names.map((fault) => fault.path))
    const desired = entries.filter(
      (entry) => !odd.has(entry.path) && looked.some((folder) => isBelow(entry.path, folder)),
    )
    const input = desired.map((entry) => `${entry.path}\0`).join('')
    await own(['checkout-index', '--quiet', '-z', '--stdin'], { input, worktree: sent })
    const missing = [...submodules, ...filtered.missing, ...names]
    return { missing, sent: await readTree(sent, looked[0]!) }
  })

/** The commit itself, or one of the same time that has what was brought. */
async function sourceOf(commit: Commit, tree: string, prefix: string, own: OwnGit): Promise<string> {
  const made = (await own(['write-tree', '--missing-ok'])).trim()
  if (made === tree && prefix === '') return commit.id
  const who = ['-c', 'user.name=riglet', '-c', 'user.email=riglet@localhost']
  return (await own([...who, 'commit-tree', '-m', commit.id, made], { time: commit.time })).trim()
}

async function listOf(entries: readonly Entry[], own: OwnGit): Promise<SourceList> {
  const links = entries.filter(({ mode }) => mode === link)
  const targets =
    links.length === 0 ? '' : await own(['cat-file', '--batch'], { input: links.map(({ id }) => `${id}\n`).join('') })
  let rest = Buffer.from(targets)
  const targetOf = ({ id, path }: Entry): readonly [string, string] => {
    const end = rest.indexOf('\n')
    const [named, , length] = rest.subarray(0, end).toString().split(' ')
    const size = Number(length)
    const target = rest.subarray(end + 1, end + 1 + size).toString()
    rest = rest.subarray(end + 2 + size)
    // One that is not UTF-8 came changed, and longer, out of git; the ones behind it are then read in a wrong place.
    if (named !== id || target.includes('\ufffd')) throw fileFault(path, 'leads to a name that is not UTF-8')
    return [path, target]
  }
  const named = (desired: (mode: string) => boolean): string[] =>
    entries.filter(({ mode }) => desired(mode)).map(({ path }) => path)
  return {
    files: named((mode) => mode.startsWith('100') && mode !== executable),
    executables: named((mode) => mode === executable),
    links: Object.fromEntries(links.map(targetOf)),
  }
}

/** What nothing in an archive can be called. */
function unfit({ path }: Entry): TreeFault[] {
  if (path === sourceListFile)
    return [{ path, what: 'stands where a push puts a file of its own', remedy: `git mv ${path} to another name` }]
  return path.includes('\ufffd')
    ? [{ path, what: 'has a name that is not UTF-8', remedy: 'git mv it to another name' }]
    : []
}
