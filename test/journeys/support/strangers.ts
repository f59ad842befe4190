import { CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation'
import {
  CopyImageCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeImagesCommand,
  RunInstancesCommand,
  waitUntilImageAvailable,
  waitUntilInstanceRunning,
} from '@aws-sdk/client-ec2'
import { CreateBucketCommand, PutBucketTaggingCommand } from '@aws-sdk/client-s3'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { clients } from '../../../rehearsal/contract/support/aws.ts'
import type { Rehearsal } from '../../../rehearsal/contract/support/rehearsal.ts'

const tagsOf = (Project: string) => Object.entries({ Owner: 'acme', Project }).map(([Key, Value]) => ({ Key, Value }))
const soon = { maxWaitTime: 60, minDelay: 1, maxDelay: 1 }

/**
 * Somebody else's things in the account of acme-shop: of the same owner's other project, and under names that begin as
 * the riglet's own do.
 */
export async function makeStrangers(rehearsal: Rehearsal): Promise<void> {
  const { cloudformation, s3 } = clients(rehearsal)
  const stacks = [
    ['acme-blog-production-foundation', 'blog'],
    ['acme-shop-two-production-foundation', 'shop-two'],
  ] as const
  for (const [StackName, project] of stacks) {
    const TemplateBody = JSON.stringify({
      Resources: {
        Setting: {
          Type: 'AWS::SSM::Parameter',
          Properties: { Name: `/acme/${project}/one`, Type: 'String', Value: '1' },
        },
      },
    })
    await cloudformation.send(new CreateStackCommand({ StackName, TemplateBody, Tags: tagsOf(project) }))
    await waitUntilStackCreateComplete({ client: cloudformation, ...soon }, { StackName })
  }
  for (const [Bucket, project] of [
    ['acme-shop-two-source', 'shop-two'],
    ['acme-shopping-source', 'shopping'],
  ] as const) {
    await s3.send(new CreateBucketCommand({ Bucket }))
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: tagsOf(project) } }))
  }
  await makeMachines(rehearsal)
}

/** An image with its snapshot, and an instance. */
async function makeMachines(rehearsal: Rehearsal): Promise<void> {
  const { ec2 } = clients(rehearsal)
  const { Images: [base] = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['136693071363'] }))
  const tagged = (...types: readonly ('image' | 'snapshot' | 'instance')[]) =>
    types.map((ResourceType) => ({ ResourceType, Tags: tagsOf('blog') }))
  const { ImageId } = await ec2.send(
    new CopyImageCommand({
      Name: 'acme-blog/web/1.0.0',
      SourceImageId: base?.ImageId,
      SourceRegion: 'us-east-1',
      TagSpecifications: tagged('image', 'snapshot'),
    }),
  )
  const { Instances: [one] = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: base?.ImageId,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: tagged('instance'),
    }),
  )
  await waitUntilImageAvailable({ client: ec2, ...soon }, { ImageIds: [ImageId ?? ''] })
  await waitUntilInstanceRunning({ client: ec2, ...soon }, { InstanceIds: [one?.InstanceId ?? ''] })
}

/** What a riglet may have in a region where no stack of it is: a copy of its image, a snapshot that lost its image, and a parameter. */
export async function goAbroad(rehearsal: Rehearsal, imageId: string, region: string): Promise<void> {
  const { ec2, ssm } = clients(rehearsal, region)
  const { ImageId } = await ec2.send(
    new CopyImageCommand({
      Name: 'acme-shop/web/abroad',
      SourceImageId: imageId,
      SourceRegion: 'us-east-1',
      CopyImageTags: true,
    }),
  )
  const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 1 }))
  const TagSpecifications = [{ ResourceType: 'snapshot' as const, Tags: tagsOf('shop') }]
  await ec2.send(new CreateSnapshotCommand({ VolumeId, TagSpecifications }))
  await ec2.send(new DeleteVolumeCommand({ VolumeId }))
  await ssm.send(new PutParameterCommand({ Name: '/acme/shop/abroad', Value: '1', Type: 'String' }))
  await waitUntilImageAvailable({ client: ec2, ...soon }, { ImageIds: [ImageId ?? ''] })
}
