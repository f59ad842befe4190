import { exportsFile, exportsOf } from '../../core/exports.ts'
import type { ImageFacts } from '../../core/image/image-facts.ts'
import { readJson, texts } from '../../core/json.ts'
import { packagesKey } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { bakeFolder } from './bake-image.ts'

/**
 * Leaves in out/ what comes next wants to know of an image, and keeps the list of its packages where approvals find it.
 * `bucket`: where package lists are kept; undefined where only a key was named.
 */
export async function handOverImage(
  {
    image,
    baked,
    bucket,
  }: { readonly image: ImageFacts; readonly baked: boolean; readonly bucket: string | undefined },
  ports: Pick<Ports, 'files' | 'buckets'>,
): Promise<void> {
  await ports.files.write('out/image.json', `${JSON.stringify({ ...image, baked }, null, 2)}\n`)
  await ports.files.write(exportsFile, exportsOf({ IMAGE_ID: image.id }))
  if (!baked || bucket === undefined) return
  const file = `${bakeFolder}/packages.json`
  const text = await ports.files.read(file)
  await readJson(file, text, texts)
  await ports.buckets.put(bucket, packagesKey(image.id), text)
}
