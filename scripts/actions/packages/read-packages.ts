import { readJson, texts } from '../../core/json.ts'
import { packagesKey } from '../../core/names.ts'
import type { PackageList } from '../../core/packages/difference.ts'
import type { Ports } from '../../core/ports/ports.ts'

/**
 * The packages of an image, as its bake kept them; undefined: it kept none.
 * @throws RigletError FILE
 */
export async function readPackages(
  bucket: string,
  image: string,
  { buckets }: Pick<Ports, 'buckets'>,
): Promise<PackageList | undefined> {
  const text = await buckets.get(bucket, packagesKey(image))
  return text === undefined ? undefined : readJson<PackageList>(packagesKey(image), text, texts)
}
