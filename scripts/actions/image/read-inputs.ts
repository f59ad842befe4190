import { inputsHash } from '../../core/image/inputs.ts'
import { belongsTo, modeFaults, treeFaults } from '../../core/image/tree.ts'
import type { Ports } from '../../core/ports.ts'

/**
 * Hash of what goes into an image: of its own folder, and of what images share (packer/ without the other images).
 * @throws RigletError FILE for what Packer could not upload, or a build would upload otherwise
 */
export async function readInputs(
  image: string,
  images: readonly string[],
  facts: { readonly baseImageId: string; readonly version: string; readonly architecture: string },
  ports: Pick<Ports, 'files' | 'packer'>,
): Promise<string> {
  const { entries, faults } = await ports.files.tree('packer', belongsTo(image, images))
  const all = [...faults, ...modeFaults(entries)]
  if (all.length > 0) throw treeFaults(`The image ${image} cannot be made of what is here:`, all)
  return inputsHash({ ...facts, entries, given: ports.packer.given })
}
