import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileFault } from '../core/catalogue/settings.ts'
import type { TreeFault } from '../core/image/tree.ts'
import { addedFiles, isBelow, sourceListFile, type Archived, type SourceList } from '../core/pipeline/source-archive.ts'
import type { Commit, Processes } from '../core/ports.ts'
import { bringFiltered, bringSubmodules } from './bring-parts.ts'
import { objectsOf, ownGit, staged, type Entry, type Git, type OwnGit } from './own-git.ts'
import { readTree } from './tree.ts'

type Order = {
  readonly commit: Commit
  readonly path: string
  readonly extra: Readonly<Record<string, string>>
  readonly looked: readonly string[]
}

const making = 'out/source.git'
const [link, executable] = ['120000', '100755']

/**
 * Archives what a checkout of the commit would be. Git's own archive leaves out submodules and what is marked
 * export-ignore, and rewrites what is marked export-subst; so it works in a repository of its own, which borrows the
 * objects, knows neither anybody's configuration nor those marks, and has in its index what belongs into the archive.
 */
export async function archiveSource(
  { commit, path, extra, looked }: Order,
  { git, processes }: { readonly git: Git; readonly processes: Processes },
): Promise<Archived> {
  const line = async (...args: string[]): Promise<string> => (await git(args)).replace(/\n$/, '')
  const prefix = await line('rev-parse', '--show-prefix')
  const here = join(await line('rev-parse', '--show-toplevel'), prefix)
  const tree = await line('rev-parse', '--verify', `${commit.id}:${prefix}`)
  // Where objects are fetched when they are needed (partial clones), asking for sizes fetches them.
  await git(['ls-tree', '-r', '-l', '-z', tree])
  const home = join(here, making)
  const own = ownGit(home, processes)
  await rm(home, { recursive: true, force: true })
  try {
    const format = await line('rev-parse', '--show-object-format')
    await own(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, home])
    const borrow = (objects: string) => appendFile(join(home, 'objects/info/alternates'), `${objects}\n`)
    const mark = (lines: readonly string[]) =>
      appendFile(join(home, 'info/attributes'), lines.map((one) => `${one}\n`).join(''))
    const sent = join(home, 'sent')
    for (const folder of ['info', 'extra', 'sent']) await mkdir(join(home, folder), { recursive: true })
    await mark(['* -export-ignore -export-subst'])
    await borrow(await objectsOf(git))
    await own(['read-tree', tree])
    const submodules = await bringSubmodules(here, own, sent, processes, borrow)
    const filtered = await bringFiltered(here, own, git)
    await mark(filtered.attributes)

    const entries = await staged(own)
    const texts = { ...extra, [sourceListFile]: JSON.stringify(await listOf(entries, own)) }
    for (const [name, text] of Object.entries(texts)) await writeFile(join(home, 'extra', name), text)
    const added = Object.keys(texts).map((name) => `--add-file=${join(home, 'extra', name)}`)
    const source = await sourceOf(commit, tree, prefix, own)
    await own(['archive', '--format=zip', `--output=${resolve(here, path)}`, ...added, source])

    const names = entries.flatMap(unfit)
    const odd = new Set(names.map((fault) => fault.path))
    const wanted = entries.filter(
      (entry) => !odd.has(entry.path) && looked.some((folder) => isBelow(entry.path, folder)),
    )
    const input = wanted.map((entry) => `${entry.path}\0`).join('')
    await own(['checkout-index', '--quiet', '-z', '--stdin'], { input, worktree: sent })
    const missing = [...submodules, ...filtered.missing, ...names]
    return { missing, sent: await readTree(sent, looked[0]!) }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

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
  const named = (wanted: (mode: string) => boolean): string[] =>
    entries.filter(({ mode }) => wanted(mode)).map(({ path }) => path)
  return {
    files: named((mode) => mode.startsWith('100') && mode !== executable),
    executables: named((mode) => mode === executable),
    links: Object.fromEntries(links.map(targetOf)),
  }
}

/** What nothing in an archive can be called. */
function unfit({ path }: Entry): TreeFault[] {
  if (addedFiles.includes(path))
    return [{ path, what: 'stands where a push puts a file of its own', remedy: `git mv ${path} to another name` }]
  return path.includes('\ufffd')
    ? [{ path, what: 'has a name that is not UTF-8', remedy: 'git mv it to another name' }]
    : []
}
