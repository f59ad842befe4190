import { sourceUnknown } from '../../core/pipeline/errors.ts'
import { sourceKey } from '../../core/names.ts'
import { readMetadata, type Pushed } from '../../core/source/pushed.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { sourceOf, type Settings } from '../../core/settings/settings.ts'

/**
 * What was pushed, as whoever pushed it said with the object itself: nothing that lies in a commit can change that.
 * undefined by hand, where no build was told which version of the source it works on.
 * @throws RigletError PIPELINE
 */
export async function readPushed(
  settings: Settings<'REPO' | 'BRANCH'>,
  { buckets }: Pick<Ports, 'buckets'>,
): Promise<Pushed | undefined> {
  const { SOURCE_BUCKET: bucket, SOURCE_VERSION: version } = settings
  if (bucket === undefined || version === undefined) return undefined
  const key = sourceKey(sourceOf(settings))
  const pushed = readMetadata((await buckets.metadata(bucket, key, version)) ?? {})
  if (pushed === undefined) throw sourceUnknown(`${bucket}/${key} (version ${version})`)
  return pushed
}
