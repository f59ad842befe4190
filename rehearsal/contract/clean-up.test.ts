import assert from 'node:assert/strict'
import { DeleteStackCommand } from '@aws-sdk/client-cloudformation'
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { describe, it } from 'mocha'
import { onRehearsal } from './support/ground.ts'
import { stacksOf } from './support/stacks.ts'

const topic = (TopicName: string): object => ({
  Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName } } },
})
// Whoever may make buckets only cannot undo what it made.
const halfWay = {
  Resources: {
    Kept: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'clean-up-kept' } },
    Bad: { Type: 'AWS::SNS::Topic', DependsOn: 'Kept' },
  },
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
describe('what CloudFormation deletes by itself', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const { cloud, settled, create, update, events } = stacksOf(ground)

  it('is the old one of a replacement, in the clean-up', async () => {
    await create('replaced', topic('old'))
    assert.equal((await update('replaced', topic('new'))).StackStatus, 'UPDATE_COMPLETE')
    const told = (await events('replaced')).map(({ LogicalResourceId, ResourceStatus, PhysicalResourceId }) =>
      [LogicalResourceId, ResourceStatus, LogicalResourceId === 'Topic' ? PhysicalResourceId?.split(':').at(-1) : '']
        .join(' ')
        .trim(),
    )
    assert.deepEqual(told.slice(-5), [
      'Topic UPDATE_COMPLETE new',
      'replaced UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'Topic DELETE_IN_PROGRESS old',
      'Topic DELETE_COMPLETE old',
      'replaced UPDATE_COMPLETE',
    ])
  })

  it('may be kept against its will: the creation ends in ROLLBACK_FAILED, with the reason', async () => {
    const trust = {
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'cloudformation.amazonaws.com' } },
      ],
    }
    const rights = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['s3:CreateBucket', 's3:Get*', 's3:List*'], Resource: '*' }],
    }
    const RoleName = 'makes-only'
    const { Role } = await ground.aws.iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }),
    )
    await ground.aws.iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'make', PolicyDocument: JSON.stringify(rights) }),
    )
    const stack = await create('half-way', halfWay, { RoleARN: Role!.Arn })
    assert.equal(stack.StackStatus, 'ROLLBACK_FAILED')
    assert.equal(stack.StackStatusReason, 'The following resource(s) failed to delete: [Kept]. ')
    const failed = (await events('half-way')).find(({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED')
    assert.equal(failed?.LogicalResourceId, 'Kept')
    assert.match(failed.ResourceStatusReason ?? '', /not authorized to perform: s3:DeleteBucket/)
    await cloud().send(new DeleteStackCommand({ StackName: 'half-way' }))
    assert.equal((await settled('half-way')).StackStatus, 'DELETE_FAILED')
    await cloud().send(new DeleteStackCommand({ StackName: 'half-way', RetainResources: ['Kept'] }))
    assert.equal((await settled(stack.StackId!)).StackStatus, 'DELETE_COMPLETE')
  })
})
