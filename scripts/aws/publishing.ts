import {
  CopyImageCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeSnapshotAttributeCommand,
  DisableImageDeprecationCommand,
  EC2Client,
  EnableImageCommand,
  EnableImageDeprecationCommand,
  EnableImageDeregistrationProtectionCommand,
  GetImageBlockPublicAccessStateCommand,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
  type LaunchPermission,
  type Tag,
} from '@aws-sdk/client-ec2'
import { everybody } from '../core/distribution/place.ts'
import type { Publishing } from '../core/ports/publishing.ts'
import { makeClient, type ClientOptions } from './client/clients.ts'
import { listAll } from './client/paged.ts'

/** On a page. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html */
const mostImages = 1000

const toTags = (tags: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

const toPermission = (consumer: string): LaunchPermission => {
  if (consumer === everybody) return { Group: 'all' }
  if (/^\d{12}$/.test(consumer)) return { UserId: consumer }
  return /:organization\//.test(consumer) ? { OrganizationArn: consumer } : { OrganizationalUnitArn: consumer }
}

const toConsumers = ({ UserId, OrganizationArn, OrganizationalUnitArn }: LaunchPermission): string[] =>
  [UserId, OrganizationArn, OrganizationalUnitArn].filter((one) => one !== undefined)

/** Copies of images, and who may use them. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharing-amis.html */
export function makePublishing(
  options: ClientOptions,
  client: Pick<EC2Client, 'send'> = makeClient(EC2Client, options),
): Publishing {
  const allow = (image: string, permissions: LaunchPermission[]): Promise<unknown> =>
    client.send(new ModifyImageAttributeCommand({ ImageId: image, LaunchPermission: { Add: permissions } }))

  return {
    copy: async ({ name, source, tags, key, token }) => {
      const { ImageId = '' } = await client.send(
        new CopyImageCommand({
          Name: name,
          SourceImageId: source.id,
          SourceRegion: source.region,
          ClientToken: token,
          // Those of the source never come whole from another account: what a copy carries is said here.
          CopyImageTags: false,
          TagSpecifications: (['image', 'snapshot'] as const).map((ResourceType) => ({
            ResourceType,
            Tags: toTags(tags),
          })),
          ...(key === undefined ? {} : { Encrypted: true, KmsKeyId: key }),
        }),
      )
      return ImageId
    },
    sharedWith: async (image) => {
      const asked = { ImageId: image, Attribute: 'launchPermission' } as const
      const { LaunchPermissions = [] } = await client.send(new DescribeImageAttributeCommand(asked))
      return LaunchPermissions.flatMap(toConsumers)
    },
    idsSharedWith: async (account) => {
      const asked = { Owners: ['self'], ExecutableUsers: [account], MaxResults: mostImages }
      return listAll(
        (NextToken) => client.send(new DescribeImagesCommand({ ...asked, NextToken })),
        (page) => page.Images?.map(({ ImageId = '' }) => ImageId),
      )
    },
    share: async (image, consumers) => void (await allow(image, consumers.map(toPermission))),
    withdraw: async (image, consumers) => {
      const LaunchPermission = { Remove: consumers.map(toPermission) }
      await client.send(new ModifyImageAttributeCommand({ ImageId: image, LaunchPermission }))
    },
    makePublic: async (image) => void (await allow(image, [{ Group: 'all' }])),
    publicBlocked: async () => {
      const { ImageBlockPublicAccessState } = await client.send(new GetImageBlockPublicAccessStateCommand({}))
      return ImageBlockPublicAccessState === 'block-new-sharing'
    },
    readersOf: async (snapshot) => {
      const asked = { SnapshotId: snapshot, Attribute: 'createVolumePermission' } as const
      const { CreateVolumePermissions = [] } = await client.send(new DescribeSnapshotAttributeCommand(asked))
      return CreateVolumePermissions.flatMap(({ UserId }) => (UserId === undefined ? [] : [UserId]))
    },
    letRead: async (snapshot, account) => {
      const CreateVolumePermission = { Add: [{ UserId: account }] }
      await client.send(new ModifySnapshotAttributeCommand({ SnapshotId: snapshot, CreateVolumePermission }))
    },
    enable: async (image) => void (await client.send(new EnableImageCommand({ ImageId: image }))),
    tag: async (ids, tags) =>
      void (await client.send(new CreateTagsCommand({ Resources: [...ids], Tags: toTags(tags) }))),
    untag: async (ids, keys) =>
      void (await client.send(new DeleteTagsCommand({ Resources: [...ids], Tags: keys.map((Key) => ({ Key })) }))),
    deprecate: async (image, at) => {
      if (at === null) await client.send(new DisableImageDeprecationCommand({ ImageId: image }))
      else await client.send(new EnableImageDeprecationCommand({ ImageId: image, DeprecateAt: new Date(at) }))
    },
    protect: async (image) =>
      void (await client.send(new EnableImageDeregistrationProtectionCommand({ ImageId: image, WithCooldown: false }))),
  }
}
