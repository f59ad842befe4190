import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeAutoScalingGroupsCommand, type AutoScalingGroup } from '@aws-sdk/client-auto-scaling'
import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  ModifyImageAttributeCommand,
} from '@aws-sdk/client-ec2'
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { home, type Account, type Aws } from '../../rehearsal/contract/support/accounts.ts'
import { copied } from '../../rehearsal/contract/support/images.ts'
import { policy } from '../../rehearsal/contract/support/roles.ts'
import type { Ground } from './rehearsal.ts'

const externalId = 'acme-shop'

/** A real repository with a branch main. */
export async function makeRepository() {
  const folder = await mkdtemp(join(tmpdir(), 'riglet-followed-'))
  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-C', folder, ...words], {
      encoding: 'utf8',
    }).trim()
  git('init', '-q', '-b', 'main')
  return {
    url: `file://${folder}`,
    /** A further commit of main. */
    push: (message: string): string => {
      git('commit', '-q', '--allow-empty', '-m', message)
      return git('rev-parse', 'HEAD')
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** What the account that bakes does, and what is done in an account that it shares with. */
export const sharing = (ground: Ground) => ({
  /** An image that nobody else sees. */
  bake: (region: string, Name: string): Promise<string> =>
    copied(home(ground).in(region), { Name, SourceRegion: region }),
  share: (region: string, ImageId: string, { id }: Account) =>
    home(ground)
      .in(region)
      .ec2.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [{ UserId: id }] } })),
  tag: ({ ec2 }: Aws, image: string, Commit: string) =>
    ec2.send(new CreateTagsCommand({ Resources: [image], Tags: [{ Key: 'Commit', Value: Commit }] })),
})

/** Makes the role of the guide in an account, with exactly the rights that stand there. */
export async function letIn({ iam }: Aws, source: string): Promise<void> {
  const [, rights = ''] = /```json\n([\s\S]*?)```/.exec(await readFile('docs/following.md', 'utf8'))!
  const AssumeRolePolicyDocument = policy({
    Effect: 'Allow',
    Principal: { AWS: source },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:ExternalId': externalId } },
  })
  await iam.send(new CreateRoleCommand({ RoleName: 'follow', Path: '/riglet/', AssumeRolePolicyDocument }))
  await iam.send(new PutRolePolicyCommand({ RoleName: 'follow', PolicyName: 'follow', PolicyDocument: rights }))
}

/** A group that follows main in one account, and one that is pinned in another. */
export async function declaring(url: string, pinned: string, stage: Account, live: Account): Promise<string> {
  const [there, here] = await Promise.all([networkOf(stage.in('eu-west-1')), networkOf(live.in('us-east-1'))])
  const sizes = 'instanceType: t3.micro, minSize: 1, maxSize: 2, warmup: 0'
  return `accounts:
  stage: { account: "${stage.id}", role: riglet/follow, externalId: ${externalId}, regions: [eu-west-1] }
  live: { account: "${live.id}", role: riglet/follow, externalId: ${externalId} }
groups:
  web: { environment: staging, account: stage, region: eu-west-1, repo: { url: "${url}", ref: main }, ${sizes}, ${there} }
  live: { environment: production, account: live, repo: { url: "${url}", ref: "${pinned}" }, ${sizes}, ${here} }
`
}

export async function networkOf({ ec2 }: Aws): Promise<string> {
  const Filters = [{ Name: 'default-for-az', Values: ['true'] }]
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ Filters }))
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupNames: ['default'] }))
  return `subnets: [${Subnets![0]!.SubnetId}], securityGroups: [${SecurityGroups![0]!.GroupId}]`
}

/** The only group of an account in a region. */
export const groupIn = async ({ autoscaling }: Aws): Promise<AutoScalingGroup> =>
  (await autoscaling.send(new DescribeAutoScalingGroupsCommand({}))).AutoScalingGroups![0]!

/** What its instances in service run: their images, and the tags that tell their commits. */
export async function runningIn(aws: Aws): Promise<readonly (readonly [string, string | undefined])[]> {
  const { Instances = [] } = await groupIn(aws)
  const inService = Instances.filter(({ LifecycleState }) => LifecycleState === 'InService')
  const asked = new DescribeInstancesCommand({ InstanceIds: inService.map(({ InstanceId }) => InstanceId!) })
  const { Reservations = [] } = await aws.ec2.send(asked)
  return Reservations.flatMap(({ Instances: found = [] }) => found).map(({ ImageId, Tags = [] }) => [
    ImageId!,
    Tags.find(({ Key }) => Key === 'Commit')?.Value,
  ])
}
