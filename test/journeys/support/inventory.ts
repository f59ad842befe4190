import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { DescribeImagesCommand, DescribeInstancesCommand, DescribeSnapshotsCommand } from '@aws-sdk/client-ec2'
import { ListBucketsCommand, CreateBucketCommand } from '@aws-sdk/client-s3'
import { DescribeParametersCommand, PutParameterCommand } from '@aws-sdk/client-ssm'
import { ListRolesCommand } from '@aws-sdk/client-iam'
import { clients } from './aws.ts'
import type { Rehearsal } from './rehearsal.ts'

type Clients = ReturnType<typeof clients>

/** Somebody else's things in the same account. */
export async function makeStranger(aws: Clients): Promise<void> {
  const TemplateBody = JSON.stringify({
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'stranger',
          AssumeRolePolicyDocument: {
            Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
          },
        },
      },
    },
  })
  await aws.cloudformation.send(
    new CreateStackCommand({ StackName: 'stranger', TemplateBody, Capabilities: ['CAPABILITY_NAMED_IAM'] }),
  )
  await aws.s3.send(new CreateBucketCommand({ Bucket: 'stranger-bucket' }))
  await aws.ssm.send(new PutParameterCommand({ Name: '/stranger/one', Value: '1', Type: 'String' }))
  for (let tries = 0; tries < 60; tries += 1) {
    const { Stacks = [] } = await aws.cloudformation.send(new DescribeStacksCommand({ StackName: 'stranger' }))
    if (Stacks[0]?.StackStatus === 'CREATE_COMPLETE') return
    await new Promise((wait) => setTimeout(wait, 500))
  }
  throw new Error('the stranger’s stack did not come up')
}

/** All that an account holds beside what it has from its first day; `own` is the riglet's by name or tag. */
export async function inventory(rehearsal: Rehearsal): Promise<{ own: string[]; strange: string[] }> {
  const aws = clients(rehearsal)
  const found: string[] = []
  const [stacks, buckets, parameters, roles, images, snapshots, instances] = await Promise.all([
    aws.cloudformation.send(new DescribeStacksCommand({})),
    aws.s3.send(new ListBucketsCommand({})),
    aws.ssm.send(new DescribeParametersCommand({})),
    aws.iam.send(new ListRolesCommand({})),
    everywhere(rehearsal, (client) => client.send(new DescribeImagesCommand({ Owners: ['self'] }))),
    everywhere(rehearsal, (client) => client.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }))),
    everywhere(rehearsal, (client) => client.send(new DescribeInstancesCommand({}))),
  ])
  found.push(...(stacks.Stacks ?? []).map(({ StackName }) => `stack ${StackName}`))
  found.push(...(buckets.Buckets ?? []).map(({ Name }) => `bucket ${Name}`))
  found.push(
    ...(parameters.Parameters ?? []).map(({ Name }) => `parameter ${Name}`).filter((one) => !/ \/aws\//.test(one)),
  )
  found.push(
    ...(roles.Roles ?? [])
      .filter(({ Path }) => !Path?.startsWith('/aws-service-role/'))
      .map(({ RoleName }) => `role ${RoleName}`),
  )
  found.push(...images.flatMap(({ Images = [] }) => Images.map(({ Name }) => `image ${Name}`)))
  found.push(...snapshots.flatMap(({ Snapshots = [] }) => Snapshots.map(({ SnapshotId }) => `snapshot ${SnapshotId}`)))
  found.push(
    ...instances
      .flatMap(({ Reservations = [] }) => Reservations.flatMap((one) => one.Instances ?? []))
      .filter(({ State }) => State?.Name !== 'terminated' && State?.Name !== 'shutting-down')
      .map(({ InstanceId }) => `instance ${InstanceId}`),
  )
  const strange = found.filter((one) => one.includes('stranger')).sort()
  return { own: found.filter((one) => !one.includes('stranger')).sort(), strange }
}

/** Every region that a riglet here could have used. */
const everywhere = <Answer>(
  rehearsal: Rehearsal,
  ask: (client: Clients['ec2']) => Promise<Answer>,
): Promise<Answer[]> =>
  Promise.all(['us-east-1', 'us-west-2', 'eu-central-1'].map((region) => ask(clients(rehearsal, region).ec2)))
