import { manifestFile } from '../../core/manifest/manifest.ts'
import type { Files } from '../../core/ports/local/files.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { noHandOver } from '../../core/publication/errors.ts'
import { anObject, readJson } from '../../core/json.ts'
import type { Settings } from '../../core/settings/settings.ts'

/** What Publish hands on beside the manifest: which git tags the push carried. */
export const releaseFile = 'release.json'
export type PushedRelease = { readonly tags: readonly string[] }

/** Whether it is a job of a pipeline, which hands on what comes of it. */
export const isJob = (settings: Settings): settings is Settings<'EXECUTION_ID' | 'ARTIFACTS_BUCKET'> =>
  settings.EXECUTION_ID !== undefined && settings.ARTIFACTS_BUCKET !== undefined

/** What another one handed over, or what was pushed; undefined in a checkout, which has all of it. */
export const sourceFiles = ({ SOURCE }: Settings, { filesIn }: Pick<Ports, 'filesIn'>): Files | undefined =>
  SOURCE === undefined ? undefined : filesIn(SOURCE)

/**
 * The manifest as it was handed over, and all else, images.yaml above all, as a person released it: no push says who gets an
 * image, or where a token is sent.
 */
export function withManifest(settings: Settings, ports: Ports): Ports {
  const from = sourceFiles(settings, ports)
  if (from === undefined) return ports
  const readIfThere: Files['readIfThere'] = (path) => (path === manifestFile ? from : ports.files).readIfThere(path)
  return { ...ports, files: { ...ports.files, readIfThere } }
}

/** @throws RigletError FILE */
export async function readRelease(settings: Settings, ports: Ports): Promise<PushedRelease> {
  const text = await sourceFiles(settings, ports)?.readIfThere(releaseFile)
  if (text === undefined) throw noHandOver(releaseFile)
  return readJson(releaseFile, text, anObject<PushedRelease>('tags'))
}
