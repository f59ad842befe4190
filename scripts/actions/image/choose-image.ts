import {
  imageMissing,
  imageNotReady,
  imageUnusable,
  unknownInstanceType,
  wrongArchitecture,
} from '../../core/image/use-errors.ts'
import { certain } from '../../core/image/launch.ts'
import type { ImageFacts } from '../../core/image/image-facts.ts'
import { imageRevoked } from '../../core/revocation/errors.ts'
import { revocationOf } from '../../core/revocation/revocation.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { lookAtImages, sayUnchecked } from './look-at-images.ts'

/**
 * Asks EC2 whether instances of that type could boot from the image, before CloudFormation finds out the slow way.
 * @throws RigletError IMAGE
 */
export async function chooseImage(
  id: string,
  region: string,
  instanceType: string,
  { images, keys, terminal }: Pick<Ports, 'images' | 'keys' | 'terminal'>,
): Promise<ImageFacts> {
  const { factsOf, hindrancesOf } = await lookAtImages([id], { images, keys }, { strict: true })
  const image = factsOf(id)
  if (image === undefined)
    throw imageMissing(id, region, await images.awsCliCommand(`ec2 describe-images --image-ids ${id}`))
  if (image.state !== 'available')
    throw imageNotReady(id, image.state, await images.awsCliCommand(`ec2 wait image-available --image-ids ${id}`))
  const revocation = revocationOf(image.tags)
  if (revocation !== undefined)
    throw imageRevoked(id, revocation, 'Roll out another image: IMAGE=ami-..., or make push')
  const hindrances = hindrancesOf(id)
  if (certain(hindrances).length > 0) throw imageUnusable(id, certain(hindrances))
  sayUnchecked(`${id} can be launched`, hindrances, { terminal })
  const architectures = await images.architecturesOf(instanceType)
  if (architectures.length === 0) throw unknownInstanceType(instanceType, region)
  if (!architectures.includes(image.architecture))
    throw wrongArchitecture(id, image.architecture, instanceType, architectures)
  return image
}
