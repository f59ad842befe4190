import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  RunInstancesCommand,
  type Instance,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2'
import { until, type Ground } from './ground.ts'

/** Where the tests' machines stand: the account's default VPC, two of its subnets, and a group that lets HTTP in. */
export type Site = {
  readonly image: string
  readonly vpc: string
  readonly subnets: readonly string[]
  readonly group: string
}

export async function makeSite({ aws: { ec2 } }: Ground): Promise<Site> {
  const [images, vpcs, subnets] = await Promise.all([
    ec2.send(new DescribeImagesCommand({ Owners: ['136693071363'] })),
    ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] })),
    ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'default-for-az', Values: ['true'] }] })),
  ])
  const vpc = vpcs.Vpcs![0]!.VpcId!
  const made = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'HTTP', VpcId: vpc }))
  const group = made.GroupId!
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: group,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  )
  const places = subnets.Subnets!.map(({ SubnetId }) => SubnetId!).slice(0, 2)
  return { image: images.Images![0]!.ImageId!, vpc, subnets: places, group }
}

/** User data of a machine that answers `/` with 200 and any other path with 404. */
export const webServer = Buffer.from(
  '#!/bin/sh\nmkdir -p /srv/web && echo up >/srv/web/index.html\n' +
    'systemd-run --unit=web python3 -m http.server --directory /srv/web 80\n',
).toString('base64')

export const oneOf = (
  site: Site,
): RunInstancesCommandInput & { readonly MinCount: number; readonly MaxCount: number } => ({
  ImageId: site.image,
  InstanceType: 't3.micro',
  SubnetId: site.subnets[0]!,
  SecurityGroupIds: [site.group],
  MinCount: 1,
  MaxCount: 1,
})

/** Begins to boot that many, and tells their ids. */
export async function launch(ground: Ground, count = 1): Promise<readonly string[]> {
  const asked = { ...oneOf(await makeSite(ground)), MinCount: count, MaxCount: count }
  const { Instances = [] } = await ground.aws.ec2.send(new RunInstancesCommand(asked))
  return Instances.map(({ InstanceId }) => InstanceId!)
}

export async function instance({ aws: { ec2 } }: Ground, id: string): Promise<Instance> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))
  return Reservations[0]!.Instances![0]!
}

/** The instance once it is in that state. */
export const inState = (ground: Ground, id: string, state: string): Promise<Instance> =>
  until(
    () => instance(ground, id),
    ({ State }) => State?.Name === state,
  )
