import { inputsHash, type Inputs } from '../../core/image/inputs.ts'
import { belongsTo, changedEntries, modeFaults, treeFaults } from '../../core/source/tree.ts'
import type { Ports } from '../../core/ports/ports.ts'

/** The images that there are: folders under packer/ with a variable file of the same name. */
export const imagesIn = async (files: Ports['files']): Promise<string[]> =>
  (await files.list('packer')).flatMap((path) => /^([^/]+)\/\1\.pkrvars\.hcl$/.exec(path)?.[1] ?? [])

type Facts = Pick<Inputs, 'baseImageId' | 'version' | 'architecture' | 'encrypted'>

export type ReadInputs = {
  /** Hash of what goes into an image: of its own folder, and of what images share (packer/ without the other images). */
  readonly hashOf: (facts: Facts) => string
  /** Paths of what is no longer as it was read. What came in addition, a provisioner on this machine may have made. */
  readonly changed: () => Promise<string[]>
}

/** @throws RigletError FILE for what Packer could not upload, or a build would upload otherwise */
export async function readInputs(
  image: string,
  images: readonly string[],
  ports: Pick<Ports, 'files' | 'packer'>,
): Promise<ReadInputs> {
  const read = () => ports.files.tree('packer', belongsTo(image, images))
  const { entries, faults } = await read()
  const all = [...faults, ...modeFaults(entries)]
  if (all.length > 0) throw treeFaults(`The image ${image} cannot be made of what is here:`, all)
  return {
    hashOf: (facts) => inputsHash({ ...facts, entries, given: ports.packer.given }),
    changed: async () => changedEntries(entries, (await read()).entries),
  }
}
