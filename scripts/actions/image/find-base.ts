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
  wanted: ImageVariables,
  file: string,
  ports: Pick<Ports, 'images' | 'parameters'>,
): Promise<ImageFacts> {
  const parameter = baseParameter(wanted.architecture)
  const [id, able] = await Promise.all([
    ports.parameters.get(parameter),
    ports.images.architecturesOf(wanted.instanceType),
  ])
  if (!able.includes(wanted.architecture)) throw wrongInstanceType(wanted.instanceType, able, wanted.architecture, file)
  if (id === undefined) throw noBase(`there is no parameter ${parameter}`)
  const [base] = await ports.images.describe([id])
  if (base?.state !== 'available') throw unusable(id, base)
  if (base.architecture !== wanted.architecture)
    throw wrongArchitecture(id, base.architecture, wanted.architecture, file)
  return base
}
