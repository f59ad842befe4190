import assert from 'node:assert/strict'
import {
  DeleteStackCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  GetStackPolicyCommand,
  GetTemplateSummaryCommand,
  ListChangeSetsCommand,
  SetStackPolicyCommand,
} from '@aws-sdk/client-cloudformation'
import { describe, it } from 'mocha'
import { onRehearsal, refusal, until } from './support/ground.ts'
import { stacksOf, text } from './support/stacks.ts'

const parameter = (Value: unknown) => ({ Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value } })
const one = { Resources: { Only: parameter('one') } }

// What is expected here was seen in replies recorded on AWS: the snapshots of LocalStack's own tests,
// https://github.com/localstack/localstack/tree/main/tests/aws/services/cloudformation
describe('CloudFormation’s replies, as recorded on AWS', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const { cloud, find, settled, create, update, changeSet } = stacksOf(ground)

  it('show a change set’s capabilities and roll-back configuration empty, and imports only when asked for', async () => {
    const plain = await changeSet('plain', 'first', one, { ChangeSetType: 'CREATE' })
    assert.deepEqual([plain.Capabilities, plain.RollbackConfiguration, plain.NotificationARNs], [[], {}, []])
    assert.equal(plain.ImportExistingResources, undefined)
    const { Summaries = [] } = await cloud().send(new ListChangeSetsCommand({ StackName: 'plain' }))
    assert.equal(Summaries[0]?.ImportExistingResources, undefined)
    const asked = { IncludeNestedStacks: true, ImportExistingResources: false }
    const shown = await changeSet('plain', 'second', one, { ChangeSetType: 'CREATE', ...asked })
    assert.deepEqual([shown.IncludeNestedStacks, shown.ImportExistingResources], [true, false])
  })

  it('never hold an empty list of roll-back triggers', async () => {
    const RollbackConfiguration = { RollbackTriggers: [] }
    const made = await changeSet('untriggered', 'first', one, { ChangeSetType: 'CREATE', RollbackConfiguration })
    assert.deepEqual(made.RollbackConfiguration, {})
    await cloud().send(new ExecuteChangeSetCommand({ ChangeSetName: made.ChangeSetId }))
    assert.deepEqual((await settled('untriggered')).RollbackConfiguration, {})
  })

  it('name capabilities in a summary only where the template wants some', async () => {
    const plain = await cloud().send(new GetTemplateSummaryCommand({ TemplateBody: text(one) }))
    assert.deepEqual([plain.Parameters, plain.Capabilities, plain.CapabilitiesReason], [[], undefined, undefined])
  })

  it('take a stack’s ARN for its name, also for a change set', async () => {
    const { StackId } = await changeSet('by-arn', 'first', one, { ChangeSetType: 'CREATE' })
    const again = await changeSet(StackId!, 'again', one, { ChangeSetType: 'CREATE' })
    assert.deepEqual([again.Status, again.StackId, again.StackName], ['CREATE_COMPLETE', StackId, 'by-arn'])
    await cloud().send(new ExecuteChangeSetCommand({ ChangeSetName: 'again', StackName: StackId }))
    assert.equal((await settled(StackId!)).StackStatus, 'CREATE_COMPLETE')
    const next = await changeSet(StackId!, 'next', { Resources: { Only: parameter('two') } })
    assert.deepEqual([next.Status, next.StackId], ['CREATE_COMPLETE', StackId])
    await cloud().send(new DeleteStackCommand({ StackName: StackId }))
    await until(
      () => find(StackId!),
      ({ StackStatus }) => StackStatus === 'DELETE_COMPLETE',
    )
    const { message } = await refusal(changeSet(StackId!, 'late', one, { ChangeSetType: 'CREATE' }))
    assert.equal(message, `Stack [${StackId}] already exists and cannot be created again with the changeSet [late].`)
    const { message: late } = await refusal(changeSet(StackId!, 'late', one))
    assert.equal(late, `Stack:${StackId} is in DELETE_COMPLETE state and can not be updated.`)
  })

  it('let a stack in REVIEW_IN_PROGRESS be created, after which its change sets are obsolete', async () => {
    const made = await changeSet('reviewed', 'first', one, { ChangeSetType: 'CREATE' })
    const stack = await create('reviewed', one)
    assert.deepEqual([stack.StackId, stack.StackStatus], [made.StackId, 'CREATE_COMPLETE'])
    const found = await cloud().send(new DescribeChangeSetCommand({ ChangeSetName: made.ChangeSetId }))
    assert.deepEqual([found.Status, found.ExecutionStatus], ['CREATE_COMPLETE', 'OBSOLETE'])
  })

  it('take an empty stack policy, which allows everything again', async () => {
    await create('policed', one)
    const set = (StackPolicyBody: string) =>
      cloud().send(new SetStackPolicyCommand({ StackName: 'policed', StackPolicyBody }))
    const everything = { Effect: 'Deny', Action: 'Update:*', Principal: '*', Resource: '*' }
    await set(JSON.stringify({ Statement: [everything] }))
    const two = { Resources: { Only: parameter('two') } }
    assert.equal((await update('policed', two)).StackStatus, 'UPDATE_ROLLBACK_COMPLETE')
    await set('{}')
    const { StackPolicyBody } = await cloud().send(new GetStackPolicyCommand({ StackName: 'policed' }))
    assert.equal(StackPolicyBody, '{}')
    assert.equal((await update('policed', two)).StackStatus, 'UPDATE_COMPLETE')
  })

  it('refuse a stack policy in one sentence, no more', async () => {
    await create('unpoliced', one)
    const statement = { Effect: 'Deny', Action: 'Create:*', Principal: '*', Resource: '*' }
    for (const StackPolicyBody of ['no JSON', JSON.stringify({ Statement: [statement] })]) {
      const wrong = new SetStackPolicyCommand({ StackName: 'unpoliced', StackPolicyBody })
      const { code, message } = await refusal(cloud().send(wrong))
      assert.deepEqual([code, message], ['ValidationError', 'Error validating stack policy: Invalid stack policy'])
    }
  })
})
