import assert from 'node:assert/strict'
import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  ListExportsCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation'
import { describe, it } from 'mocha'
import { onRehearsal, refusal, until } from './support/ground.ts'

const topics = (...names: readonly string[]): string =>
  JSON.stringify({
    Parameters: { Shown: { Type: 'String', Default: 'shown' } },
    Resources: Object.fromEntries(
      names.map((name) => [name, { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'Shown' } } }]),
    ),
  })

describe('CloudFormation, as AWS documents it', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const cloud = () => ground.aws.cloudformation

  const stack = async (StackName: string): Promise<Stack | undefined> => {
    const { Stacks = [] } = await cloud().send(new DescribeStacksCommand({ StackName }))
    return Stacks[0]
  }
  const settled = (name: string): Promise<Stack | undefined> =>
    until(
      () => stack(name),
      (found) => !found?.StackStatus?.endsWith('_IN_PROGRESS'),
    )

  const create = async (StackName: string, TemplateBody: string): Promise<string | undefined> => {
    await cloud().send(new CreateStackCommand({ StackName, TemplateBody }))
    return (await settled(StackName))?.StackStatus
  }

  const changeSet = async (StackName: string, ChangeSetName: string, TemplateBody: string, shown?: string) => {
    const Parameters = shown === undefined ? [] : [{ ParameterKey: 'Shown', ParameterValue: shown }]
    await cloud().send(new CreateChangeSetCommand({ StackName, ChangeSetName, TemplateBody, Parameters }))
    return until(
      () => cloud().send(new DescribeChangeSetCommand({ StackName, ChangeSetName, IncludePropertyValues: true })),
      ({ Status }) => Status === 'CREATE_COMPLETE' || Status === 'FAILED',
    )
  }

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
  it('refuses a stack whose name is taken', async () => {
    assert.equal(await create('twice', topics('A')), 'CREATE_COMPLETE')
    const { code, message } = await refusal(
      cloud().send(new CreateStackCommand({ StackName: 'twice', TemplateBody: topics('A') })),
    )
    assert.equal(code, 'AlreadyExistsException')
    assert.match(message, /Stack \[twice\] already exists/)
  })

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html
  it('tells the story of each resource, newest first', async () => {
    await create('story', topics('A'))
    const { StackEvents = [] } = await cloud().send(new DescribeStackEventsCommand({ StackName: 'story' }))
    const told = StackEvents.map((event) => `${event.LogicalResourceId} ${event.ResourceStatus}`)
    assert.equal(told[0], 'story CREATE_COMPLETE')
    assert.equal(told.at(-1), 'story CREATE_IN_PROGRESS')
    assert.ok(told.indexOf('A CREATE_COMPLETE') < told.indexOf('A CREATE_IN_PROGRESS'))
  })

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-create.html
  it('fails a change set that holds nothing, in words that tools look for', async () => {
    await create('same', topics('A'))
    const { Status, StatusReason, ExecutionStatus } = await changeSet('same', 'none', topics('A'))
    assert.equal(Status, 'FAILED')
    assert.equal(ExecutionStatus, 'UNAVAILABLE')
    assert.equal(
      StatusReason,
      "The submitted information didn't contain changes. Submit different information to create a change set.",
    )
    const { code, message } = await refusal(
      cloud().send(new UpdateStackCommand({ StackName: 'same', TemplateBody: topics('A') })),
    )
    assert.equal(code, 'ValidationError')
    assert.equal(message, 'No updates are to be performed.')
  })

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html
  it('shows what a parameter alone would change, before and after', async () => {
    await create('detail', topics('A'))
    const { Changes = [] } = await changeSet('detail', 'shown', topics('A'), 'other')
    const change = Changes[0]?.ResourceChange
    assert.deepEqual([change?.Action, change?.LogicalResourceId, change?.Replacement], ['Modify', 'A', 'False'])
    const target = change?.Details?.find(({ Target }) => Target?.Name === 'DisplayName')?.Target
    assert.deepEqual([target?.BeforeValue, target?.AfterValue, target?.RequiresRecreation], ['shown', 'other', 'Never'])
  })

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html
  it('executes a change set once, and takes the others away', async () => {
    await create('sets', topics('A'))
    await changeSet('sets', 'one', topics('A', 'B'))
    await changeSet('sets', 'two', topics('A', 'C'))
    await cloud().send(new ExecuteChangeSetCommand({ StackName: 'sets', ChangeSetName: 'one' }))
    assert.equal((await settled('sets'))?.StackStatus, 'UPDATE_COMPLETE')
    const { code } = await refusal(
      cloud().send(new ExecuteChangeSetCommand({ StackName: 'sets', ChangeSetName: 'two' })),
    )
    assert.match(code, /^(?:InvalidChangeSetStatus|ChangeSetNotFound)(?:Exception)?$/)
  })

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
  it('rolls a failed creation back, says why, and lets nobody update what is left', async () => {
    const template = JSON.stringify({
      Resources: {
        Good: { Type: 'AWS::SNS::Topic' },
        Bad: {
          Type: 'AWS::SNS::Subscription',
          DependsOn: 'Good',
          Properties: {
            Protocol: 'email',
            TopicArn: 'arn:aws:sns:us-east-1:123456789012:nobody',
            Endpoint: 'a@example.com',
          },
        },
      },
    })
    assert.equal(await create('broken', template), 'ROLLBACK_COMPLETE')
    const { StackEvents = [] } = await cloud().send(new DescribeStackEventsCommand({ StackName: 'broken' }))
    const failed = StackEvents.findLast(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')
    assert.equal(failed?.LogicalResourceId, 'Bad')
    assert.notEqual(failed?.ResourceStatusReason ?? '', '')
    const { code, message } = await refusal(
      cloud().send(new UpdateStackCommand({ StackName: 'broken', TemplateBody: topics('A') })),
    )
    assert.equal(code, 'ValidationError')
    assert.match(message, /is in ROLLBACK_COMPLETE state and can ?not be updated/)
  })

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html
  it('does not delete what is protected', async () => {
    await create('kept', topics('A'))
    const protect = (EnableTerminationProtection: boolean) =>
      cloud().send(new UpdateTerminationProtectionCommand({ StackName: 'kept', EnableTerminationProtection }))
    await protect(true)
    const { code, message } = await refusal(cloud().send(new DeleteStackCommand({ StackName: 'kept' })))
    assert.equal(code, 'ValidationError')
    assert.match(message, /cannot be deleted while TerminationProtection is enabled/)
    await protect(false)
    await cloud().send(new DeleteStackCommand({ StackName: 'kept' }))
    const { message: gone } = await until(
      () => refusal(stack('kept')).catch(() => ({ message: '' })),
      ({ message: text }) => text !== '',
    )
    assert.match(gone, /Stack with id kept does not exist/)
  })

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
  it('keeps a stack whose export is in use (R15)', async () => {
    const exporting = JSON.stringify({
      Resources: { A: { Type: 'AWS::SNS::Topic' } },
      Outputs: { Topic: { Value: { Ref: 'A' }, Export: { Name: 'giver-Topic' } } },
    })
    const importing = JSON.stringify({
      Resources: { A: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::ImportValue': 'giver-Topic' } } } },
    })
    await create('giver', exporting)
    await create('taker', importing)
    const { Exports = [] } = await cloud().send(new ListExportsCommand({}))
    assert.deepEqual(
      Exports.map(({ Name }) => Name),
      ['giver-Topic'],
    )
    await cloud().send(new DeleteStackCommand({ StackName: 'giver' }))
    const reason = await until(
      async () => {
        const { StackEvents = [] } = await cloud().send(new DescribeStackEventsCommand({ StackName: 'giver' }))
        return StackEvents[0]?.ResourceStatusReason ?? ''
      },
      (text) => text.includes('giver-Topic'),
    )
    assert.match(reason, /Delete canceled\. Cannot delete export giver-Topic as it is in use by taker/)
    // Which of the two statuses follows is not documented; that nothing was deleted is.
    assert.match((await stack('giver'))?.StackStatus ?? '', /^(?:CREATE_COMPLETE|DELETE_FAILED)$/)
  })

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
  it('names what is wrong with a template', async () => {
    const body = JSON.stringify({
      Resources: { A: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'Nobody' } } } },
    })
    const { code, message } = await refusal(cloud().send(new ValidateTemplateCommand({ TemplateBody: body })))
    assert.equal(code, 'ValidationError')
    assert.match(message, /Unresolved resource dependencies \[Nobody\] in the Resources block of the template/)
  })

  it('fails a resource of a type that it cannot make, by name', async () => {
    const template = JSON.stringify({
      Resources: { A: { Type: 'AWS::GameLift::Alias', Properties: { Name: 'x', RoutingStrategy: {} } } },
    })
    await create('strange', template)
    const { StackEvents = [] } = await cloud().send(new DescribeStackEventsCommand({ StackName: 'strange' }))
    assert.ok(StackEvents.some((event) => /AWS::GameLift::Alias/.test(event.ResourceStatusReason ?? '')))
  })
})
