import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling'
import {
  CopyImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  type Filter,
  type Image,
  type Instance,
  waitUntilImageAvailable,
} from '@aws-sdk/client-ec2'
import type { clients } from '../../../rehearsal/contract/support/aws.ts'

type Tools = Pick<ReturnType<typeof clients>, 'ec2'>

async function instances({ ec2 }: Tools, ...Filters: Filter[]): Promise<readonly Instance[]> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }))
  return Reservations.flatMap(({ Instances = [] }) => Instances)
}

/** Machines that no Auto Scaling group has: those of a bake or verification. */
export const builders = async (aws: Tools): Promise<readonly string[]> =>
  (await instances(aws, { Name: 'instance-state-name', Values: ['pending', 'running', 'stopped'] }))
    .filter(({ Tags = [] }) => !Tags.some(({ Key }) => Key === 'aws:autoscaling:groupName'))
    .map(({ InstanceId = '' }) => InstanceId)

/** All that an environment's groups ever launched from an image and EC2 still tells of: an hour after its end, too. */
export const launched = async (aws: Tools, environment: string, image: string): Promise<readonly string[]> =>
  (
    await instances(
      aws,
      { Name: 'image-id', Values: [image] },
      { Name: 'tag:Environment', Values: [environment] },
      { Name: 'tag-key', Values: ['aws:autoscaling:groupName'] },
    )
  ).map(({ InstanceId = '' }) => InstanceId)

export const keyPairs = async ({ ec2 }: Tools): Promise<readonly string[]> =>
  ((await ec2.send(new DescribeKeyPairsCommand({}))).KeyPairs ?? []).map(({ KeyName = '' }) => KeyName)

const images = async ({ ec2 }: Tools): Promise<readonly Image[]> =>
  (await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }))).Images ?? []

const tagOf = ({ Tags = [] }: Image, key: string): string | undefined => Tags.find(({ Key }) => Key === key)?.Value

/** Images that Packer has not come to tag yet. */
export const halfMade = async (aws: Tools): Promise<readonly string[]> =>
  (await images(aws)).filter((image) => tagOf(image, 'Inputs') === undefined).map(({ ImageId = '' }) => ImageId)

/** The one image of a version. */
export async function imageOf(aws: Tools, version: string): Promise<string> {
  const found = (await images(aws)).filter((image) => tagOf(image, 'Version') === version)
  if (found.length !== 1) throw new Error(`${found.length} images are of version ${version}`)
  return found[0]?.ImageId ?? ''
}

/** The same image under another id. */
export async function copyOf({ ec2 }: Tools, SourceImageId: string, Name: string): Promise<string> {
  const order = { Name, SourceImageId, SourceRegion: 'us-east-1', CopyImageTags: true }
  const { ImageId = '' } = await ec2.send(new CopyImageCommand(order))
  const soon = { client: ec2, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }
  await waitUntilImageAvailable(soon, { ImageIds: [ImageId] })
  return ImageId
}

/** The launch template that the machines of an app are made of. */
export async function launchTemplateOf(
  { autoscaling }: Pick<ReturnType<typeof clients>, 'autoscaling'>,
  group: string,
): Promise<{ readonly LaunchTemplateId: string; readonly Version: string }> {
  const asked = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] })
  const { AutoScalingGroups: [found] = [] } = await autoscaling.send(asked)
  const { LaunchTemplateId, Version } = found!.LaunchTemplate!
  return { LaunchTemplateId: LaunchTemplateId!, Version: Version! }
}
