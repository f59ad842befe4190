import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileFault } from '../../core/errors.ts'
import type { TrackerStore } from '../../core/ports/feeds/trackers.ts'

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code
const tokenOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * A folder, of one machine alone. Whoever writes makes a lock file first, which the file system lets one alone make; a lock
 * that a killed process left is told by its path, for nobody can know that it is not at work any more.
 */
export function makeFileTracker(root: string, folder: string): TrackerStore {
  const pathOf = (name: string): string => resolve(root, folder, name)
  const read: TrackerStore['read'] = async (name) => {
    try {
      const text = await readFile(pathOf(name), 'utf8')
      return { text, token: tokenOf(text) }
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      throw fileFault(pathOf(name), (error as Error).message, error)
    }
  }
  return {
    where: (name) => `${folder}/${name}`,
    read,
    write: async (name, text, token) => {
      const path = pathOf(name)
      const lock = `${path}.lock`
      try {
        await mkdir(dirname(path), { recursive: true })
        await writeFile(lock, text, { flag: 'wx' })
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return 'conflict'
        throw fileFault(path, (error as Error).message, error)
      }
      if ((await read(name))?.token !== token) {
        await rm(lock)
        return 'conflict'
      }
      // It appears whole, and the lock is gone with it.
      await rename(lock, path)
      return 'written'
    },
  }
}
