import assert from 'node:assert/strict'
import { CreateStackCommand, DescribeStackResourcesCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation'
import { DeleteRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam'
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'

import { before, describe, it } from 'mocha'
import { recoverApp, recoverPipeline } from '../../scripts/actions/recover/recover.ts'
import { makeBuckets } from '../../scripts/aws/buckets.ts'
import { makeStacks } from '../../scripts/aws/cloudformation/stacks.ts'
import type { RigletError } from '../../scripts/core/errors.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import type { Stacks } from '../../scripts/core/ports/stacks.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { fakePorts } from '../fakes/regional.ts'
import { answering, type FakeTerminal } from '../fakes/terminal.ts'
import { insideRehearsal, refusal, until } from './rehearsal.ts'

const settings = {
  ...{ OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1', ENV: 'staging', REPO: 'web', BRANCH: 'main' },
} as const
const role = (RoleName: string, Description: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName, Description, AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] } },
})
const trust = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }
/** Fails after some seconds, and not before Thing is there. */
const failing = {
  Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
  Slow: {
    Type: 'AWS::CloudFormation::WaitCondition',
    DependsOn: 'Thing',
    Properties: { Handle: { Ref: 'Handle' }, Timeout: '3' },
  },
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-continueupdaterollback.html
describe('a stack that only a person gets out of its state', function () {
  this.timeout(60_000)
  const ground = insideRehearsal()
  const clock = makeClock(new AbortController().signal)
  let stacks: Stacks

  before(() => {
    stacks = makeStacks({ region: 'us-east-1' }, clock)
  })

  const portsWith = (terminal: FakeTerminal): Ports => ({
    ...fakePorts(terminal),
    ...{ stacks, clock, buckets: makeBuckets({ region: 'us-east-1' }) },
  })
  const asked = (StackName: string, Resources: object) => ({
    StackName,
    TemplateBody: JSON.stringify({ Resources }),
    Capabilities: ['CAPABILITY_NAMED_IAM' as const],
    Tags: [
      { Key: 'Owner', Value: StackName.split('-')[0]! },
      { Key: 'Project', Value: 'shop' },
    ],
  })
  const ends = (name: string): Promise<string | undefined> =>
    until(
      async () => (await stacks.find(name))?.status,
      (status) => !status?.endsWith('_IN_PROGRESS'),
    )
  const make = async (name: string, resources: object): Promise<void> => {
    await ground.aws.cloudformation.send(new CreateStackCommand(asked(name, resources)))
    assert.equal(await ends(name), 'CREATE_COMPLETE')
  }
  const describes = async (RoleName: string): Promise<string | undefined> =>
    (await ground.aws.iam.send(new GetRoleCommand({ RoleName }))).Role?.Description

  it('goes on rolling back when the cause is mended or what failed is skipped, and tells what it is (B23)', async () => {
    const name = 'acme-shop-staging-app-web-main'
    const { cloudformation, iam } = ground.aws
    await make(name, { Thing: role('one', 'old') })
    await cloudformation.send(new UpdateStackCommand(asked(name, { Thing: role('one', 'new'), ...failing })))
    // It begins when Thing is done: what is deleted sooner would make the update itself fail.
    await until(async () => {
      const { StackResources = [] } = await cloudformation.send(new DescribeStackResourcesCommand({ StackName: name }))
      return StackResources.some(({ LogicalResourceId }) => LogicalResourceId === 'Slow')
    }, Boolean)
    await iam.send(new DeleteRoleCommand({ RoleName: 'one' }))
    assert.equal(await ends(name), 'UPDATE_ROLLBACK_FAILED')

    const again = answering('yes')
    await assert.rejects(recoverApp(settings, portsWith(again)), (error: RigletError) => {
      assert.match(error.message, /^acme-shop-staging-app-web-main was not rolled back: Thing \(AWS::IAM::Role\)/)
      assert.match(error.remedy, /SKIP=\.\.\. \(of Thing\)$/)
      return true
    })
    assert.match(
      again.shown[0]!,
      /first cause Slow \(AWS::CloudFormation::WaitCondition\)[^]*failed {6}Thing \(role\): /,
    )
    const unknown = recoverApp({ ...settings, SKIP: 'Slow' }, portsWith(answering('yes')))
    await assert.rejects(unknown, /Slow is none of the resources that failed, which are Thing/)

    const skipping = answering('yes')
    assert.equal(await recoverApp({ ...settings, SKIP: 'Thing' }, portsWith(skipping)), 0)
    assert.equal((await stacks.find(name))?.status, 'UPDATE_ROLLBACK_COMPLETE')
    const idle = answering()
    assert.equal(await recoverApp(settings, portsWith(idle)), 0)
    assert.match(idle.shown[0]!, /nothing to recover, its stack is UPDATE_ROLLBACK_COMPLETE/)
  })

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html
  it('is rolled back where somebody left an update half-done', async () => {
    const name = 'acme-shop-production-app-web-main'
    await make(name, { Thing: role('two', 'old') })
    const half = asked(name, { Thing: role('two', 'new'), ...failing })
    await ground.aws.cloudformation.send(new UpdateStackCommand({ ...half, DisableRollback: true }))
    assert.equal(await ends(name), 'UPDATE_FAILED')
    assert.equal(await describes('two'), 'new')
    const terminal = answering('yes')
    assert.equal(await recoverApp({ ...settings, ENV: 'production' }, portsWith(terminal)), 0)
    assert.match(terminal.shown[0]!, /is UPDATE_FAILED\n {2}first cause Slow/)
    assert.equal(await describes('two'), 'old')
  })

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
  it('is deleted again once its bucket is empty, or without the bucket that is to stay (R15, R16)', async () => {
    const [name, own] = ['bucket-shop-jobs-web-main', { ...settings, OWNER: 'bucket' }]
    const bucket = async (): Promise<string> => {
      await make(name, {
        Bucket: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
      })
      const [made] = await stacks.resources(name)
      for (const Body of ['one', 'two'])
        await ground.aws.s3.send(new PutObjectCommand({ Bucket: made!.physicalId, Key: 'object', Body }))
      // What is deleted in a versioned bucket stays, under a delete marker.
      const deleted = { Bucket: made!.physicalId, Key: 'deleted' }
      await ground.aws.s3.send(new PutObjectCommand({ ...deleted, Body: 'three' }))
      await ground.aws.s3.send(new DeleteObjectCommand(deleted))
      await stacks.remove((await stacks.find(name))!.id)
      assert.equal(await ends(name), 'DELETE_FAILED')
      return made!.physicalId
    }
    const kept = await bucket()
    const keeping = answering('yes')
    assert.equal(await recoverPipeline({ ...own, SKIP: 'Bucket' }, portsWith(keeping)), 0)
    assert.match(keeping.shown[0]!, new RegExp(`failed {6}Bucket \\(bucket\\): .*[^]*kept {8}Bucket: ${kept} stays`))
    assert.equal(await makeBuckets({ region: 'us-east-1' }).has(kept, 'object'), true)

    const emptied = await bucket()
    const terminal = answering('yes')
    assert.equal(await recoverPipeline(own, portsWith(terminal)), 0)
    assert.equal(await stacks.find(name), undefined)
    const put = new PutObjectCommand({ Bucket: emptied, Key: 'object', Body: 'three' })
    assert.equal((await refusal(ground.aws.s3.send(put))).code, 'NoSuchBucket')
  })
})
