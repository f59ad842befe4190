import { aliasesOf } from '../../core/manifest/desired-images.ts'
import { noManifest } from '../../core/manifest/errors.ts'
import { findImage } from '../../core/manifest/find-image.ts'
import { manifestFile } from '../../core/manifest/manifest.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { wantsJson, type Settings } from '../../core/settings/settings.ts'
import { desiredImages, publishedImages } from './read-manifests.ts'

/**
 * `make find-image`: the AMI that a consumer asks for, from the manifest alone; AWS is asked only what a channel names.
 * @throws RigletError NOT_FOUND | FILE
 */
export async function findPublished(
  settings: Settings<'IMAGE' | 'REGION'>,
  ports: Pick<Ports, 'at' | 'files' | 'terminal'>,
): Promise<void> {
  const { CHANNEL } = settings
  if (CHANNEL) return (await import('./find-in-channel.ts')).findInChannel({ ...settings, CHANNEL }, ports)
  const file = settings.MANIFEST ?? manifestFile
  const [manifest, desired] = await Promise.all([publishedImages(ports, file), desiredImages(ports)])
  if (manifest === undefined) throw noManifest(file)
  const question = { image: settings.IMAGE, region: settings.REGION, architecture: settings.ARCH }
  const entry = findImage(question, manifest, aliasesOf(desired), file)
  ports.terminal.show(wantsJson(settings) ? JSON.stringify(entry, null, 2) : entry.id)
}
