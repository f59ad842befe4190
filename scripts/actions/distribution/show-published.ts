import { noManifest } from '../../core/manifest/errors.ts'
import { manifestFile, writeManifest } from '../../core/manifest/manifest.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { wantsJson, type Settings } from '../../core/settings/settings.ts'
import { renderManifest } from '../../view/distribution/images.ts'
import { publishedImages } from './read-manifests.ts'

/**
 * `make show-published`: what consumers may use, from the manifest alone.
 * @throws RigletError NOT_FOUND | FILE
 */
export async function showPublished(settings: Settings, ports: Pick<Ports, 'files' | 'terminal'>): Promise<void> {
  const file = settings.MANIFEST ?? manifestFile
  const manifest = await publishedImages(ports, file)
  if (manifest === undefined) throw noManifest(file)
  ports.terminal.show(wantsJson(settings) ? writeManifest(manifest).trimEnd() : renderManifest(manifest).join('\n'))
}
