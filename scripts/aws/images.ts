import {
  DeleteKeyPairCommand,
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeKeyPairsCommand,
  DescribeSnapshotsCommand,
  DisableImageDeregistrationProtectionCommand,
  EC2Client,
  GetImageAncestryCommand,
  TerminateInstancesCommand,
  type DescribeImagesCommandInput,
  type Filter,
  type Image,
} from '@aws-sdk/client-ec2'
import { batchesOf } from '../core/batches.ts'
import type { ImageFacts } from '../core/image/image-facts.ts'
import type { Images } from '../core/ports/images.ts'
import { awsCliCommand } from './client/aws-cli-command.ts'
import { makeClient, type ClientOptions } from './client/clients.ts'
import { awsCode } from './client/failures.ts'
import { listAll } from './client/paged.ts'

const protectedUntil = (protection: string | undefined): { readonly protectedUntil?: string } => {
  const until = /^disabled-until-(.+)$/.exec(protection ?? '')?.[1]
  return until === undefined ? {} : { protectedUntil: until }
}

const toFacts = (image: Image, region: string): ImageFacts => ({
  id: image.ImageId ?? '',
  name: image.Name ?? '',
  state: image.State ?? '',
  architecture: image.Architecture ?? '',
  account: image.OwnerId ?? '',
  region,
  snapshots: (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => (Ebs?.SnapshotId ? [Ebs.SnapshotId] : [])),
  encrypted: (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) =>
    Ebs?.Encrypted === true && Ebs.SnapshotId ? [Ebs.SnapshotId] : [],
  ),
  tags: Object.fromEntries((image.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  created: image.CreationDate ?? '',
  ...(image.SourceImageId === undefined
    ? {}
    : { source: { id: image.SourceImageId, region: image.SourceImageRegion ?? region } }),
  ...(image.RootDeviceName === undefined ? {} : { rootDevice: image.RootDeviceName }),
  ...(image.Public === true ? { public: true } : {}),
  // `enabled-with-cooldown` and `enabled-without-cooldown`; one that is lifted may be `disabled-until-...`.
  ...(image.DeregistrationProtection?.startsWith('enabled') ? { protected: true } : {}),
  ...protectedUntil(image.DeregistrationProtection),
  ...(image.DeprecationTime === undefined ? {} : { deprecation: image.DeprecationTime }),
  ...(image.StateReason?.Message === undefined ? {} : { reason: image.StateReason.Message }),
})

const filtersOf = (tags: Readonly<Record<string, string>>): Filter[] =>
  Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }))

/** A filter takes 200 values. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const mostValues = 200

/**
 * On a page. Without a number EC2 answers all in one, which it may throttle or not get done in time; with ids of images it takes
 * no number. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html
 */
const mostImages = 1000

/** Deleting what is gone already is done already. */
const unlessGone = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work
  } catch (error) {
    if (!/NotFound|Unavailable/.test(awsCode(error) ?? '')) throw error
  }
}

export function makeImages(
  options: ClientOptions,
  client: Pick<EC2Client, 'send'> = makeClient(EC2Client, options),
): Images {
  const list = (which: Partial<DescribeImagesCommandInput>): Promise<ImageFacts[]> => {
    const asked = { ...which, MaxResults: mostImages }
    return listAll(
      (NextToken) => client.send(new DescribeImagesCommand({ ...asked, NextToken })),
      (page) => page.Images?.map((image) => toFacts(image, options.region)),
    )
  }
  const ours = (Filters: Filter[]): Promise<ImageFacts[]> => list({ Owners: ['self'], Filters, IncludeDisabled: true })
  const owned: Images['owned'] = (tags) => ours(filtersOf(tags))

  const orphaned: Images['orphaned'] = async (tags, without) => {
    const used = new Set((await owned({})).flatMap(({ snapshots }) => snapshots))
    const asked = { OwnerIds: ['self'], Filters: filtersOf(tags) }
    const found = await listAll(
      (NextToken) => client.send(new DescribeSnapshotsCommand({ ...asked, NextToken })),
      (page) => page.Snapshots,
    )
    return found
      .filter(({ Tags = [] }) => !Tags.some(({ Key }) => Key === without))
      .map(({ SnapshotId = '' }) => SnapshotId)
      .filter((id) => !used.has(id))
  }

  const instances: Images['instances'] = async (tags, { ending = false } = {}) => {
    const names = ['pending', 'running', 'stopping', 'stopped', ...(ending ? ['shutting-down'] : [])]
    const Filters = [...filtersOf(tags), { Name: 'instance-state-name', Values: names }]
    const reservations = await listAll(
      (NextToken) => client.send(new DescribeInstancesCommand({ Filters, NextToken })),
      (page) => page.Reservations,
    )
    return reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId))
  }

  const removeSnapshot = (id: string): Promise<void> =>
    unlessGone(client.send(new DeleteSnapshotCommand({ SnapshotId: id })))

  return {
    owned,
    // Tags are each account's own: what others have tagged does not count.
    tagged: (tags) => list({ Filters: filtersOf(tags), IncludeDeprecated: true }),
    named: async (names) => (names.length === 0 ? [] : ours([{ Name: 'name', Values: [...names] }])),
    orphaned,
    instances,
    removeSnapshot,
    snapshotKeys: async (ids) => {
      const found = new Map<string, string>()
      for (const Values of batchesOf(ids, mostValues)) {
        const Filters = [{ Name: 'snapshot-id', Values }]
        const { Snapshots = [] } = await client.send(new DescribeSnapshotsCommand({ Filters }))
        for (const { SnapshotId = '', KmsKeyId } of Snapshots) if (KmsKeyId) found.set(SnapshotId, KmsKeyId)
      }
      return found
    },
    describe: async (ids) => {
      // A filter leaves out what is not there; asking by id would fail for all because of one. What was
      // disabled, and what its owner in another account deprecated, is there all the same.
      const pages = await Promise.all(
        batchesOf(ids, mostValues).map((Values) =>
          list({ Filters: [{ Name: 'image-id', Values }], IncludeDisabled: true, IncludeDeprecated: true }),
        ),
      )
      return pages.flat()
    },
    ancestry: async (id) => {
      const { ImageAncestryEntries = [] } = await client.send(new GetImageAncestryCommand({ ImageId: id }))
      return ImageAncestryEntries.flatMap(({ ImageId, SourceImageId }) =>
        ImageId && SourceImageId ? [{ id: ImageId, source: SourceImageId }] : [],
      )
    },
    remove: async ({ id, snapshots, protected: kept }) => {
      // What ran in production is protected (decision 0030), without a cooldown.
      if (kept) await client.send(new DisableImageDeregistrationProtectionCommand({ ImageId: id }))
      await unlessGone(client.send(new DeregisterImageCommand({ ImageId: id })))
      for (const snapshot of snapshots) await removeSnapshot(snapshot)
    },
    terminate: async (ids) => {
      if (ids.length > 0) await unlessGone(client.send(new TerminateInstancesCommand({ InstanceIds: [...ids] })))
    },
    keyPairs: async (tags) => {
      const { KeyPairs: found = [] } = await client.send(new DescribeKeyPairsCommand({ Filters: filtersOf(tags) }))
      return found.map(({ KeyName = '' }) => KeyName)
    },
    removeKeyPair: (name) => unlessGone(client.send(new DeleteKeyPairCommand({ KeyName: name }))),
    awsCliCommand: awsCliCommand(options),
    architecturesOf: async (instanceType) => {
      const { InstanceTypes: found = [] } = await client.send(
        new DescribeInstanceTypesCommand({ Filters: [{ Name: 'instance-type', Values: [instanceType] }] }),
      )
      return [...(found[0]?.ProcessorInfo?.SupportedArchitectures ?? [])]
    },
  }
}
