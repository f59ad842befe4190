import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Tree, TreeEntry, TreeFault } from '../../core/source/tree.ts'

/** Links that lead to links: as many as Linux follows. */
const hops = 40

/** sha256 of a file in hex, in little memory. */
export async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** Everything below a folder of the checkout, with what links lead to; `desired` may leave paths out. */
export async function readTree(root: string, start: string, desired = (_path: string) => true): Promise<Tree> {
  const entries: TreeEntry[] = []
  const faults: TreeFault[] = []
  const reached = new Set<string>()

  /** `path` as it is reached, `real` without links; `behind`: the real folders that it lies in. */
  const walk = async (path: string, real: string, behind: readonly string[]): Promise<void> => {
    const stats = await lstat(join(root, real))
    const mode = stats.mode & 0o777
    if (stats.isSymbolicLink()) {
      entries.push({ type: 'link', path, target: await readlink(join(root, real)) })
      const { type, at, through } = await follow(root, real)
      if (type !== 'found') return void faults.push({ path, ...lost(type, at) })
      for (const one of [...through, at]) if (!within(one, start)) reached.add(one)
      return walk(path, at, behind)
    }
    if (stats.isFile()) return void entries.push({ type: 'file', path, mode, digest: await digestOf(join(root, real)) })
    if (!stats.isDirectory())
      return void faults.push({ path, what: `is ${special(stats)}, not a file`, remedy: `rm ${path}` })
    if (behind.some((folder) => within(folder, real)))
      return void faults.push({
        path,
        what: `leads back to ${real || 'the checkout'}, which holds it`,
        remedy: `rm ${path}`,
      })
    if (path !== start) entries.push({ type: 'folder', path, mode })
    for (const name of (await readdir(join(root, real))).sort()) {
      const below = `${path}/${name}`
      if (name === '.git') await git(below, join(real, name))
      else if (desired(below)) await attempt(below, () => walk(below, join(real, name), [...behind, real]))
    }
  }

  /** Of a submodule there is a file that tells where its repository is; a build never has it. */
  const git = async (path: string, real: string): Promise<void> => {
    if ((await lstat(join(root, real))).isDirectory())
      faults.push({
        path,
        what: 'is a repository of its own, which Packer would upload and no build has',
        remedy: 'Make it a submodule (git submodule add, git submodule absorbgitdirs), or remove it',
      })
  }

  const attempt = async (path: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      faults.push({ path, ...unreadable(path, error) })
    }
  }

  const there = await lstat(join(root, start)).catch(() => undefined)
  if (there !== undefined) await attempt(start, () => walk(start, start, []))
  return { entries, faults, reached: [...reached].sort() }
}

/** The checkout itself, which holds everything, has the empty name. */
const within = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`)

type End = {
  readonly type: 'found' | 'nothing' | 'outside' | 'absolute' | 'circle'
  /** Where it ends, or the link that leads astray. */
  readonly at: string
  /** The links on the way. */
  readonly through: readonly string[]
}

/** Where a path leads, link by link: what a path of this machine, or one above the checkout, gives is no build's. */
async function follow(root: string, start: string): Promise<End> {
  const rest = start.split('/')
  const through: string[] = []
  let at: string[] = []
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      if (at.length === 0) return { type: 'outside', at: through.at(-1) ?? start, through }
      at = at.slice(0, -1)
      continue
    }
    const here = [...at, name].join('/')
    if (name === '.git') return { type: 'outside', at: through.at(-1) ?? start, through }
    const stats = await lstat(join(root, here)).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
      throw error
    })
    if (stats === undefined) return { type: 'nothing', at: through.at(-1) ?? start, through }
    if (!stats.isSymbolicLink()) {
      at = [...at, name]
      continue
    }
    if (through.push(here) > hops) return { type: 'circle', at: here, through }
    const target = await readlink(join(root, here))
    if (isAbsolute(target)) return { type: 'absolute', at: here, through }
    rest.unshift(...target.split('/'))
  }
  return { type: 'found', at: at.join('/'), through }
}

const lost = (type: Exclude<End['type'], 'found'>, link: string): Omit<TreeFault, 'path'> => {
  switch (type) {
    case 'nothing':
      return { what: 'is a link that leads to nothing', remedy: `See ls -l ${link}` }
    case 'outside':
      return {
        what: 'is a link that leads out of the checkout',
        remedy: `Bring what ${link} leads to into the checkout`,
      }
    case 'absolute':
      return { what: 'is a link to a path of this machine', remedy: `Make ${link} relative: ln -sfnr` }
    case 'circle':
      return { what: 'is a link that leads in a circle', remedy: `rm ${link}` }
  }
}

const special = (stats: { isFIFO(): boolean; isSocket(): boolean }): string =>
  stats.isFIFO() ? 'a named pipe' : stats.isSocket() ? 'a socket' : 'a device'

const unreadable = (path: string, error: unknown): Omit<TreeFault, 'path'> => {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM') return { what: 'cannot be read', remedy: `chmod u+r ${path}` }
  // A name that is not UTF-8 comes back from the file system changed.
  if (code === 'ENOENT') return { what: 'has a name that is not UTF-8', remedy: 'Rename it' }
  return { what: `cannot be read: ${message}`, remedy: `See ls -l ${path}` }
}
