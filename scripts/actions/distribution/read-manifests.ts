import { desiredFile, nothingDesired, type Desired } from '../../core/manifest/desired-images.ts'
import { manifestFile, type Manifest } from '../../core/manifest/manifest.ts'
import type { Ports } from '../../core/ports/ports.ts'

/**
 * What images.yaml says; nothing where it is missing.
 * @throws RigletError FILE with every fault
 */
export async function desiredImages({ files }: Pick<Ports, 'files'>): Promise<Desired> {
  const text = await files.readIfThere(desiredFile)
  if (text === undefined) return nothingDesired
  return (await import('../../core/manifest/read-desired.ts')).readDesired(text)
}

/**
 * What is published; undefined: there is no such file.
 * @throws RigletError FILE with every fault
 */
export async function publishedImages(
  { files }: Pick<Ports, 'files'>,
  file = manifestFile,
): Promise<Manifest | undefined> {
  const text = await files.readIfThere(file)
  if (text === undefined) return undefined
  return (await import('../../core/manifest/read-manifest.ts')).readManifest(text, file)
}
