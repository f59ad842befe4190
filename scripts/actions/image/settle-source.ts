import { treeFaults } from '../../core/source/tree.ts'
import { anObject, readJson } from '../../core/json.ts'
import { sourceListFile, type SourceList } from '../../core/source/source-archive.ts'
import type { ImageOrder } from '../../core/image/order.ts'
import type { Files } from '../../core/ports/local/files.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { desiredImages } from '../distribution/read-manifests.ts'

/**
 * Whether an image is to be encrypted: unless the images.yaml of what was pushed says otherwise, as it does of what is to be
 * public. An encrypted one has no copy that is not.
 * @throws RigletError FILE
 */
export async function wantsEncryption(
  { image, source }: Pick<ImageOrder, 'image' | 'source'>,
  ports: Pick<Ports, 'files' | 'filesIn'>,
): Promise<boolean> {
  const { images } = await desiredImages({ files: await settleSource(source, ports) })
  return images[image]?.encryption ?? true
}

const sourceList = anObject<SourceList>('files', 'executables', 'links')

/**
 * The files of what was pushed. A build has them in a folder of their own, and gives them the modes and links of the
 * commit; in a checkout, whose folder is '', there is nothing to do.
 * @throws RigletError FILE
 */
export async function settleSource(folder: string, ports: Pick<Ports, 'files' | 'filesIn'>): Promise<Files> {
  const files = folder === '' ? ports.files : ports.filesIn(folder)
  const list = await files.readIfThere(sourceListFile)
  if (list === undefined) return files
  const missing = await files.settle(await readJson(sourceListFile, list, sourceList))
  if (missing.length === 0) return files
  const faults = missing.map((path) => ({ path, what: 'is not there', remedy: 'Push again: make push' }))
  throw treeFaults('The source did not arrive as it was pushed:', faults)
}
