import { baseParameter, usualBuilders } from '../../core/image/base.ts'
import { noBase, noBuilder, unusable, wrongArchitecture, wrongInstanceType } from '../../core/image/errors.ts'
import type { ImageFacts } from '../../core/image/image-facts.ts'
import type { ImageOrder } from '../../core/image/order.ts'
import type { ImageVariables } from '../../core/image/packer/variables.ts'
import { imageRevoked } from '../../core/revocation/errors.ts'
import { revocationOf } from '../../core/revocation/revocation.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { variablesFile } from './read-variables.ts'

/**
 * The instance type that machines of an architecture are started with: the image's own, or for another architecture than
 * that of its variable file the first that can run it, of those that BUILDER_TYPES names and of the usual ones.
 * @throws RigletError IMAGE
 */
export async function chooseBuilder(
  order: ImageOrder,
  { instanceType, architecture: own }: ImageVariables,
  architecture: string,
  { images }: Pick<Ports, 'images'>,
): Promise<string> {
  const able = await images.architecturesOf(instanceType)
  if (able.includes(architecture)) return instanceType
  if (architecture === own) throw wrongInstanceType(instanceType, able, architecture, variablesFile(order))
  const others = [...order.builderTypes, ...(usualBuilders[architecture] ?? [])]
  for (const type of others) if ((await images.architecturesOf(type)).includes(architecture)) return type
  throw noBuilder(architecture, [instanceType, ...others])
}

/**
 * The image to build on, checked before anything costs: it exists, is available and of the architecture that `who` wants.
 * @throws RigletError IMAGE
 */
export async function findBase(
  architecture: string,
  who: string,
  { images, parameters }: Pick<Ports, 'images' | 'parameters'>,
  name?: string,
): Promise<ImageFacts> {
  const parameter = baseParameter(architecture, name)
  const id = await parameters.get(parameter)
  if (id === undefined) throw noBase(`there is no parameter ${parameter}`)
  const [base] = await images.describe([id])
  if (base?.state !== 'available') throw unusable(id, base)
  const revocation = revocationOf(base.tags)
  if (revocation !== undefined)
    throw imageRevoked(id, revocation, `Nothing can be baked on it; ${parameter} names it until there is another one.`)
  if (base.architecture !== architecture) throw wrongArchitecture(id, base.architecture, architecture, who)
  return base
}
