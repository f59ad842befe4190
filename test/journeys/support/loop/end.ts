import assert from 'node:assert/strict'
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2'
import { inventory } from '../inventory.ts'
import { goAbroad, makeStrangers } from '../strangers.ts'
import type { Day } from './day.ts'

/** Somebody opens a security group and launches an instance by hand. */
export async function changeByHand({ user, aws, first }: Day): Promise<void> {
  const { SecurityGroups = [] } = await aws.ec2.send(
    new DescribeSecurityGroupsCommand({
      Filters: [{ Name: 'tag:aws:cloudformation:stack-name', Values: ['acme-shop-staging-*'] }],
    }),
  )
  const GroupId = SecurityGroups[0]?.GroupId
  const opened = {
    GroupId,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  }
  await aws.ec2.send(new AuthorizeSecurityGroupIngressCommand(opened))
  const { Subnets = [] } = await aws.ec2.send(
    new DescribeSubnetsCommand({
      Filters: [{ Name: 'tag:aws:cloudformation:stack-name', Values: ['acme-shop-staging-foundation'] }],
    }),
  )
  const { Instances = [] } = await aws.ec2.send(
    new RunInstancesCommand({
      ImageId: first.imageId,
      InstanceType: 't3.small',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: Subnets[0]?.SubnetId,
    }),
  )
  const orphan = Instances[0]?.InstanceId ?? ''
  const { code, stdout } = await user.make('drift', 'ENV=staging')
  assert.equal(code, 2, stdout)
  assert.match(stdout, new RegExp(GroupId!))
  assert.match(stdout, new RegExp(orphan))
  assert.match(stdout, new RegExp(first.imageId))
  const data = JSON.parse((await user.make('drift', 'ENV=staging', 'JSON=1')).stdout) as {
    findings: { type: string }[]
  }
  assert.ok(data.findings.every(({ type }) => type === 'drifted'))
  await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [orphan] }))
  await aws.ec2.send(new RevokeSecurityGroupIngressCommand(opened))
}

/** All of it is deleted, beside what strangers have. */
export async function deleteAll({ rehearsal, user, first }: Day): Promise<void> {
  const own = await inventory(rehearsal)
  await makeStrangers(rehearsal)
  const strangers = (await inventory(rehearsal)).filter((line) => !own.includes(line))
  assert.deepEqual(
    strangers.map((line) => line.replace(/(snapshot|instance) \S+$/, '$1')),
    [
      'bucket acme-shop-two-source',
      'bucket acme-shopping-source',
      'us-east-1 image acme-blog/web/1.0.0',
      'us-east-1 instance',
      'us-east-1 parameter /acme/blog/one',
      'us-east-1 parameter /acme/shop-two/one',
      'us-east-1 snapshot',
      'us-east-1 stack acme-blog-production-foundation',
      'us-east-1 stack acme-shop-two-production-foundation',
    ],
  )
  await goAbroad(rehearsal, first.imageId, 'eu-central-1')
  const all = await inventory(rehearsal)
  assert.equal(all.filter((line) => line.startsWith('eu-central-1 ')).length, 4)

  const refused = await user.make('delete-riglet', 'RIGLET=acme-blog')
  assert.notEqual(refused.code, 0)
  assert.match(refused.stdout, /All of acme-shop will be DELETED, and cannot be brought back/)
  assert.deepEqual(await inventory(rehearsal), all)
  const { stdout } = await user.does('delete-riglet', 'RIGLET=acme-shop')
  assert.match(stdout, /eu-central-1/)
  assert.deepEqual(await inventory(rehearsal), strangers)
}
