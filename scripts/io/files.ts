import { access, chmod, lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileFault } from '../core/errors.ts'
import type { Files } from '../core/ports/local/files.ts'

const isAbsent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** The whole of it or nothing, also where it is killed in between. What is no plain file, such as a link, is written into. */
async function replaceFile(target: string, text: string): Promise<void> {
  const there = await lstat(target).catch((error: unknown) => {
    if (isAbsent(error)) return undefined
    throw error
  })
  if (there?.isFile() === false) return writeFile(target, text)
  const beside = `${target}.${process.pid}.new`
  try {
    await writeFile(beside, text)
    if (there !== undefined) await chmod(beside, there.mode)
    await rename(beside, target)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

export function makeFiles(root: string): Files {
  const read = async (path: string): Promise<string> => {
    try {
      return await readFile(resolve(root, path), 'utf8')
    } catch (error) {
      throw fileFault(path, isAbsent(error) ? 'there is no such file' : (error as Error).message, error)
    }
  }
  return {
    read,
    readIfThere: async (path) => {
      try {
        return await readFile(resolve(root, path), 'utf8')
      } catch (error) {
        if (isAbsent(error)) return undefined
        throw fileFault(path, (error as Error).message, error)
      }
    },
    write: async (path, text) => {
      const target = resolve(root, path)
      await mkdir(dirname(target), { recursive: true })
      await replaceFile(target, text)
    },
    exists: async (path) =>
      access(resolve(root, path)).then(
        () => true,
        () => false,
      ),
    list: async (folder) => {
      try {
        const base = resolve(root, folder)
        const entries = await readdir(base, { recursive: true, withFileTypes: true })
        const found = entries.map(async (entry) => {
          const path = resolve(entry.parentPath, entry.name)
          const isFile = entry.isSymbolicLink() ? (await stat(path).catch(() => entry)).isFile() : entry.isFile()
          return isFile ? [path.slice(base.length + 1)] : []
        })
        return (await Promise.all(found)).flat().sort()
      } catch (error) {
        if (isAbsent(error)) return []
        throw fileFault(folder, (error as Error).message, error)
      }
    },
    tree: async (folder, desired) => (await import('./git/tree.ts')).readTree(root, folder, desired),
    copyFolder: async (...copied) => (await import('./copy-folder.ts')).copyFolder(root)(...copied),
    settle: async (source) => (await import('./git/settle-source.ts')).settleSource(root, source),
  }
}
