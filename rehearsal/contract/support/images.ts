import {
  CopyImageCommand,
  DescribeImagesCommand,
  type CopyImageCommandInput,
  type DescribeImagesCommandInput,
  type EC2Client,
  type Image,
} from '@aws-sdk/client-ec2'
import type { Aws } from './accounts.ts'
import { until } from './until.ts'

const debian = '136693071363'

export async function imageOf(ec2: EC2Client, id: string): Promise<Image> {
  const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [id], IncludeDisabled: true }))
  return Images![0]!
}

/** The names of the images that are listed, in the order of the alphabet. */
export async function namesOf(ec2: EC2Client, asked: DescribeImagesCommandInput): Promise<readonly string[]> {
  const { Images = [] } = await ec2.send(new DescribeImagesCommand(asked))
  return Images.map(({ Name }) => Name!).sort()
}

/** Debian's public image, which every region has. */
export async function baseImage(ec2: EC2Client): Promise<string> {
  const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: [debian] }))
  return Images![0]!.ImageId!
}

/** A copy of an image (Debian's, if none is named), once it is there; its id. */
export async function copied(
  { ec2 }: Aws,
  asked: Partial<CopyImageCommandInput> & { readonly Name: string },
): Promise<string> {
  const SourceImageId = asked.SourceImageId ?? (await baseImage(ec2))
  const made = await ec2.send(new CopyImageCommand({ SourceRegion: 'us-east-1', ...asked, SourceImageId }))
  const { State } = await until(
    () => imageOf(ec2, made.ImageId!),
    (image) => image.State !== 'pending',
  )
  if (State !== 'available') throw new Error(`the copy is ${State}`)
  return made.ImageId!
}
