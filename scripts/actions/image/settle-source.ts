import { treeFaults } from '../../core/image/tree.ts'
import { anObject, readJson } from '../../core/json.ts'
import { sourceListFile, type SourceList } from '../../core/pipeline/source-archive.ts'
import type { Files } from '../../core/ports.ts'

const sourceList = anObject<SourceList>('files', 'executables', 'links')

/**
 * In a build: gives the pushed files the modes and links of the commit. In a checkout there is nothing to do.
 * @throws RigletError FILE
 */
export async function settleSource(files: Files): Promise<void> {
  const list = await files.readIfThere(sourceListFile)
  if (list === undefined) return
  const missing = await files.settle(await readJson(sourceListFile, list, sourceList))
  if (missing.length === 0) return
  const faults = missing.map((path) => ({ path, what: 'is not there', remedy: 'Push again: make push' }))
  throw treeFaults('The source did not arrive as it was pushed:', faults)
}
