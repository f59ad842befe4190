import assert from 'node:assert/strict'
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  SetStackPolicyCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { CreateTagsCommand, DescribeSecurityGroupsCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2'
import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3'
import { describe, it } from 'mocha'
import { layers } from '../../../scripts/core/layers/layers.ts'
import { stackPolicy } from '../../../scripts/core/layers/protection.ts'
import { onRehearsal, refusal, until } from '../rehearsal.ts'
import { Capabilities, foundation, artifacts, jobs, pipeline, app, files, layersOn } from './layers.ts'

describe('the templates on the rehearsal', function () {
  this.timeout(120_000)
  const ground = onRehearsal()
  const { cloud, tags, template, parameters, desired, settled, reasons, outputOf, create } = layersOn(ground)

  it('make stacks, the app under the deploy role alone', async () => {
    await create(foundation)
    await create(artifacts)
    await create(jobs)
    await create(pipeline)
    // The base image stands in for one of ours, which carries these tags.
    const { ImageId } = await desired(app)
    await ground.aws.ec2.send(new CreateTagsCommand({ Resources: [ImageId!], Tags: tags.slice(0, 2) }))
    await create(app, await outputOf(foundation, 'DeployRoleArn'))
  })

  it('leave nothing that drifts by itself', async () => {
    for (const StackName of Object.keys(files)) {
      const { StackDriftDetectionId } = await cloud().send(new DetectStackDriftCommand({ StackName }))
      const found = await until(
        () => cloud().send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId })),
        ({ DetectionStatus }) => DetectionStatus !== 'DETECTION_IN_PROGRESS',
      )
      const { StackResourceDrifts = [] } = await cloud().send(
        new DescribeStackResourceDriftsCommand({ StackName, StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'] }),
      )
      assert.equal(found.StackDriftStatus, 'IN_SYNC', JSON.stringify(StackResourceDrifts, null, 2))
    }
  })

  it('change nothing when nothing is new', async () => {
    for (const name of Object.keys(files) as (keyof typeof files)[]) {
      const again = new UpdateStackCommand({
        ...{
          StackName: name,
          ...(await template(name)),
          Parameters: parameters(await desired(name)),
          Capabilities,
        },
      })
      const { message } = await refusal(cloud().send(again))
      assert.match(message, /No updates are to be performed/)
    }
  })

  it('let the deploy role change an app, also one that is protected as production’s is', async () => {
    await cloud().send(
      new SetStackPolicyCommand({ StackName: app, StackPolicyBody: stackPolicy(layers.app.holdsState) }),
    )
    const changed = {
      ...(await desired(app)),
      ListenerPriority: '20',
      HealthCheckPath: '/health',
      Port: '8080',
      TargetCpu: '0',
    }
    await cloud().send(
      new UpdateStackCommand({
        StackName: app,
        ...(await template(app)),
        Parameters: parameters(changed),
        Capabilities,
      }),
    )
    assert.equal(await settled(app), 'UPDATE_COMPLETE', await reasons(app))
  })

  it('take the tag that says their layer, each under its own rights, and replace nothing for it', async () => {
    const layerOf = {
      [foundation]: 'foundation',
      [artifacts]: 'artifacts',
      [jobs]: 'jobs',
      [pipeline]: 'pipeline',
      [app]: 'app',
    }
    for (const [StackName, Value] of Object.entries(layerOf)) {
      const made = async (): Promise<readonly (string | undefined)[]> => {
        const { StackResources = [] } = await cloud().send(new DescribeStackResourcesCommand({ StackName }))
        return StackResources.map(({ PhysicalResourceId }) => PhysicalResourceId).sort()
      }
      const { Stacks } = await cloud().send(new DescribeStacksCommand({ StackName }))
      const { Parameters = [], Tags = [] } = Stacks![0]!
      const before = await made()
      await cloud().send(
        new UpdateStackCommand({
          StackName,
          UsePreviousTemplate: true,
          Parameters: Parameters.map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true })),
          Tags: [...Tags, { Key: 'Layer', Value }],
          Capabilities,
        }),
      )
      assert.equal(await settled(StackName), 'UPDATE_COMPLETE', await reasons(StackName))
      assert.deepEqual(await made(), before)
    }
    const { SecurityGroups = [] } = await ground.aws.ec2.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'tag:Layer', Values: ['app'] }] }),
    )
    assert.equal(SecurityGroups.length, 1)
  })

  const assume = {
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  }
  const tagged = { Tags: tags, GroupDescription: 'a group' }
  const foreign: readonly (readonly [string, string, object, RegExp])[] = [
    [
      'a role without the boundary',
      'AWS::IAM::Role',
      { Path: '/acme-shop/app/', AssumeRolePolicyDocument: assume },
      /iam:CreateRole/,
    ],
    ['a role of another path', 'AWS::IAM::Role', { AssumeRolePolicyDocument: assume }, /iam:CreateRole/],
    [
      'a group that is not tagged as ours',
      'AWS::EC2::SecurityGroup',
      { GroupDescription: 'a group' },
      /ec2:CreateSecurityGroup/,
    ],
    [
      'a group in a network of others',
      'AWS::EC2::SecurityGroup',
      { ...tagged, VpcId: 'default' },
      /ec2:CreateSecurityGroup/,
    ],
    ['a bucket', 'AWS::S3::Bucket', {}, /s3:CreateBucket/],
    ['an alarm of another name', 'AWS::CloudWatch::Alarm', alarm('others'), /cloudwatch:PutMetricAlarm/],
  ]
  for (const [index, [what, Type, Properties, action]] of foreign.entries())
    it(`refuse the deploy role ${what}`, async () => {
      const StackName = `acme-shop-integration-app-foreign-${index}`
      const TemplateBody = JSON.stringify({ Resources: { Foreign: { Type, Properties: await inNetwork(Properties) } } })
      const RoleARN = await outputOf(foundation, 'DeployRoleArn')
      await cloud().send(new CreateStackCommand({ StackName, TemplateBody, RoleARN, Capabilities }))
      assert.equal(await settled(StackName), 'ROLLBACK_COMPLETE')
      assert.match(await reasons(StackName), new RegExp(`not authorized to perform: ${action.source}`))
    })

  /** `default` stands for the account's default network. */
  const inNetwork = async (properties: object): Promise<object> => {
    if (!('VpcId' in properties)) return properties
    const { Vpcs } = await ground.aws.ec2.send(
      new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }),
    )
    return { ...properties, VpcId: Vpcs![0]!.VpcId }
  }

  const emptyBucket = async (Bucket: string): Promise<void> => {
    const { Versions = [] } = await ground.aws.s3.send(new ListObjectVersionsCommand({ Bucket }))
    for (const { Key, VersionId } of Versions)
      await ground.aws.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }))
  }

  it('go again without a rest', async () => {
    for (const StackName of [app, pipeline, jobs, artifacts, foundation]) {
      const { Stacks } = await cloud().send(new DescribeStacksCommand({ StackName }))
      if (StackName === artifacts) await emptyBucket(await outputOf(artifacts, 'ArtifactBucket'))
      await cloud().send(new DeleteStackCommand({ StackName }))
      assert.equal(await settled(Stacks![0]!.StackId!), 'DELETE_COMPLETE', await reasons(Stacks![0]!.StackId!))
    }
  })
})

function alarm(AlarmName: string): object {
  const what = { Namespace: 'Shop', MetricName: 'Errors', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1 }
  return { AlarmName, ...what, Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' }
}
