import { chmod, lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { SourceList } from '../../core/source/source-archive.ts'

/** Makes of unpacked files what a checkout has, whatever unzip made of modes and links. Returns what did not come along. */
export async function settleSource(root: string, { files, executables, links }: SourceList): Promise<string[]> {
  const missing: string[] = []
  const folders = new Set<string>()
  const settle = async (path: string, mode: number): Promise<void> => {
    const stats = await lstat(join(root, path)).catch(() => undefined)
    if (stats?.isFile() !== true) return void missing.push(path)
    if ((stats.mode & 0o777) !== mode) await chmod(join(root, path), mode)
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder)
  }
  for (const path of files) await settle(path, 0o644)
  for (const path of executables) await settle(path, 0o755)
  for (const folder of folders) await chmod(join(root, folder), 0o755)
  for (const [path, target] of Object.entries(links)) {
    const place = join(root, path)
    if ((await readlink(place).catch(() => undefined)) === target) continue
    await rm(place, { recursive: true, force: true })
    await mkdir(dirname(place), { recursive: true, mode: 0o755 })
    await symlink(target, place)
  }
  return missing
}
