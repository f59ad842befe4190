import { exportsFile, exportsOf } from '../../core/exports.ts'
import { readJson, texts } from '../../core/json.ts'
import { packagesKey } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { bakeFolder, type Baked } from './bake-image.ts'

/** What was always one stays so where it is one. */
export const oneOrAll = <One>(all: readonly One[]): One | readonly One[] => (all.length === 1 ? all[0]! : all)

/**
 * Leaves in out/ what comes next wants to know of images, and keeps the list of their packages where approvals find it. A
 * pipeline goes on with one image, so of several none is named to it. `bucket`: where package lists are kept; undefined where
 * only a key was named.
 */
export async function handOverImages(
  { images, bucket }: { readonly images: readonly Baked[]; readonly bucket: string | undefined },
  ports: Pick<Ports, 'files' | 'buckets'>,
): Promise<void> {
  const told = oneOrAll(images.map(({ image, baked }) => ({ ...image, baked })))
  await ports.files.write('out/image.json', `${JSON.stringify(told, null, 2)}\n`)
  const [one, ...others] = images
  const named = one === undefined || others.length > 0 ? {} : { IMAGE_ID: one.image.id }
  await ports.files.write(exportsFile, exportsOf(named))
  if (bucket === undefined) return
  for (const { image, baked } of images) {
    if (!baked) continue
    const file = `${bakeFolder(image.architecture)}/packages.json`
    const text = await ports.files.read(file)
    await readJson(file, text, texts)
    await ports.buckets.put(bucket, packagesKey(image.id), text)
  }
}
