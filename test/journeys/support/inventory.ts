import { paginateDescribeStacks } from '@aws-sdk/client-cloudformation'
import { paginateDescribeImages, paginateDescribeInstances, paginateDescribeSnapshots } from '@aws-sdk/client-ec2'
import { paginateListRoles } from '@aws-sdk/client-iam'
import { paginateListBuckets } from '@aws-sdk/client-s3'
import { paginateDescribeParameters } from '@aws-sdk/client-ssm'
import { clients } from '../../../rehearsal/contract/support/aws.ts'
import type { Rehearsal } from '../../../rehearsal/contract/support/rehearsal.ts'

/** Where a journey's riglet and strangers have something, and one region where nobody has. */
const regions = ['us-east-1', 'eu-central-1', 'us-west-2']

/** All that an account holds beside what it has from its first day: `us-east-1 stack acme-shop-artifacts`, sorted. */
export async function inventory(rehearsal: Rehearsal): Promise<readonly string[]> {
  const inRegions = await Promise.all(
    regions.map(async (region) => (await inRegion(rehearsal, region)).map((line) => `${region} ${line}`)),
  )
  return [...inRegions.flat(), ...(await worldwide(rehearsal))].sort()
}

async function worldwide(rehearsal: Rehearsal): Promise<readonly string[]> {
  const { s3, iam } = clients(rehearsal)
  const [buckets, roles] = await Promise.all([
    listed(paginateListBuckets({ client: s3 }, {}), ({ Buckets }) => Buckets),
    listed(paginateListRoles({ client: iam }, {}), ({ Roles }) => Roles),
  ])
  return [
    ...buckets.map(({ Name }) => `bucket ${Name}`),
    ...roles.filter(({ Path }) => !Path?.startsWith('/aws-service-role/')).map(({ RoleName }) => `role ${RoleName}`),
  ]
}

async function inRegion(rehearsal: Rehearsal, region: string): Promise<readonly string[]> {
  const { cloudformation, ssm, ec2: client } = clients(rehearsal, region)
  const [stacks, parameters, images, snapshots, instances] = await Promise.all([
    listed(paginateDescribeStacks({ client: cloudformation }, {}), ({ Stacks }) => Stacks),
    listed(paginateDescribeParameters({ client: ssm }, {}), ({ Parameters }) => Parameters),
    listed(paginateDescribeImages({ client }, { Owners: ['self'], IncludeDisabled: true }), ({ Images }) => Images),
    listed(paginateDescribeSnapshots({ client }, { OwnerIds: ['self'] }), ({ Snapshots }) => Snapshots),
    listed(paginateDescribeInstances({ client }, {}), ({ Reservations = [] }) =>
      Reservations.flatMap(({ Instances = [] }) => Instances),
    ),
  ])
  return [
    ...stacks.map(({ StackName }) => `stack ${StackName}`),
    ...parameters.filter(({ Name }) => !Name?.startsWith('/aws/')).map(({ Name }) => `parameter ${Name}`),
    ...images.map(({ Name }) => `image ${Name}`),
    ...snapshots.map(({ SnapshotId }) => `snapshot ${SnapshotId}`),
    ...instances
      .filter(({ State }) => State?.Name !== 'terminated' && State?.Name !== 'shutting-down')
      .map(({ InstanceId }) => `instance ${InstanceId}`),
  ]
}

const listed = async <Page, Thing>(
  pages: AsyncIterable<Page>,
  things: (page: Page) => readonly Thing[] | undefined,
): Promise<readonly Thing[]> => (await Array.fromAsync(pages)).flatMap((page) => things(page) ?? [])
