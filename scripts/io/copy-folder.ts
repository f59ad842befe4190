import { randomUUID } from 'node:crypto'
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileFault } from '../core/errors.ts'
import type { Files } from '../core/ports/local/files.ts'

/** Copies beside the checkout's other results first, so that the new folder appears whole, or not at all. */
export const copyFolder =
  (root: string): Files['copyFolder'] =>
  async (from, to, changed) => {
    const draft = resolve(root, 'out', `copy-${randomUUID()}`)
    const target = resolve(root, to)
    try {
      await cp(resolve(root, from), draft, { recursive: true, verbatimSymlinks: true })
      for (const [path, { path: renamed, text }] of changed) {
        await writeFile(resolve(draft, path), text)
        await rename(resolve(draft, path), resolve(draft, renamed))
      }
      await mkdir(dirname(target), { recursive: true })
      await rename(draft, target)
    } catch (error) {
      throw fileFault(to, (error as Error).message, error)
    } finally {
      await rm(draft, { recursive: true, force: true })
    }
  }
