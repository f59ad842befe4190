import { baseParameter } from '../../core/image/base.ts'
import { noBase, unusable, wrongArchitecture, wrongInstanceType } from '../../core/image/errors.ts'
import type { ImageVariables } from '../../core/image/packer/variables.ts'
import type { ImageFacts } from '../../core/image/image-facts.ts'
import type { Ports } from '../../core/ports/ports.ts'

/**
 * The image to build on, checked before anything costs: it exists, is available and of the wanted architecture, which
 * the builder's type can run.
 * @throws RigletError IMAGE
 */
export async function findBase(
  desired: ImageVariables,
  file: string,
  ports: Pick<Ports, 'images' | 'parameters'>,
): Promise<ImageFacts> {
  const parameter = baseParameter(desired.architecture)
  const [id, able] = await Promise.all([
    ports.parameters.get(parameter),
    ports.images.architecturesOf(desired.instanceType),
  ])
  if (!able.includes(desired.architecture))
    throw wrongInstanceType(desired.instanceType, able, desired.architecture, file)
  if (id === undefined) throw noBase(`there is no parameter ${parameter}`)
  const [base] = await ports.images.describe([id])
  if (base?.state !== 'available') throw unusable(id, base)
  if (base.architecture !== desired.architecture)
    throw wrongArchitecture(id, base.architecture, desired.architecture, file)
  return base
}
