import assert from 'node:assert/strict'
import { CreateStackCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { GetParameterCommand } from '@aws-sdk/client-ssm'
import { describe, it } from 'mocha'
import { onRehearsal, refusal } from './support/ground.ts'
import { stacksOf, text } from './support/stacks.ts'

const extended = { Transform: 'AWS::LanguageExtensions' }
const expanding = { Capabilities: ['CAPABILITY_AUTO_EXPAND' as const] }
const parameter = (Name: string, Value: unknown): object => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name, Type: 'String', Value },
})
const including = (Location: string): object => ({
  'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location } },
})

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html
describe('CloudFormation’s own transforms', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const { cloud, create, changeSet, events } = stacksOf(ground)
  const valueOf = async (Name: string) =>
    (await ground.aws.ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value

  it('unroll Fn::ForEach, over a parameter’s list and within one another', async () => {
    const inner = ['Suffix', ['A', 'B'], { '${Prefix}${Suffix}': parameter('/loop/${Prefix}/${Suffix}', '${Suffix}') }]
    const template = {
      ...extended,
      Parameters: { Prefixes: { Type: 'CommaDelimitedList', Default: 'One,Two' } },
      Resources: { 'Fn::ForEach::Outer': ['Prefix', { Ref: 'Prefixes' }, { 'Fn::ForEach::Inner': inner }] },
    }
    assert.equal((await create('loop', template, expanding)).StackStatus, 'CREATE_COMPLETE')
    assert.equal(await valueOf('/loop/Two/B'), 'B')
    const { TemplateBody } = await cloud().send(
      new GetTemplateCommand({ StackName: 'loop', TemplateStage: 'Processed' }),
    )
    const { Resources } = JSON.parse(TemplateBody!) as { Resources: object }
    assert.deepEqual(Object.keys(Resources), ['OneA', 'OneB', 'TwoA', 'TwoB'])
  })

  it('do Fn::Length and Fn::ToJsonString', async () => {
    const template = {
      ...extended,
      Parameters: { Names: { Type: 'CommaDelimitedList', Default: 'a,b,c' } },
      Resources: {
        Length: parameter('/length', { 'Fn::Length': { Ref: 'Names' } }),
        Json: parameter('/json', { 'Fn::ToJsonString': { names: { Ref: 'Names' }, of: { Ref: 'Length' } } }),
      },
    }
    assert.equal((await create('extended', template, expanding)).StackStatus, 'CREATE_COMPLETE')
    assert.equal(await valueOf('/length'), '3')
    assert.equal(await valueOf('/json'), '{"names":["a","b","c"],"of":"/length"}')
  })

  it('include a snippet from S3, or say in AWS’s sentence why they cannot', async () => {
    await ground.aws.s3.send(new CreateBucketCommand({ Bucket: 'snippets' }))
    const Body = 'Value: included\n'
    await ground.aws.s3.send(new PutObjectCommand({ Bucket: 'snippets', Key: 'value.yaml', Body }))
    const only = (location: string) => ({
      Resources: {
        Only: {
          Type: 'AWS::SSM::Parameter',
          Properties: { Name: '/included', Type: 'String', ...including(location) },
        },
      },
    })
    const stack = await create('included', only('s3://snippets/value.yaml'), expanding)
    assert.equal(stack.StackStatus, 'CREATE_COMPLETE')
    assert.equal(await valueOf('/included'), 'included')
    const said = 'Transform AWS::Include failed with: S3 bucket [nowhere] does not exist'
    const failed = await changeSet('missing', 'first', only('s3://nowhere/x'), { ChangeSetType: 'CREATE' })
    assert.deepEqual([failed.Status, failed.StatusReason], ['FAILED', `${said}.`])
    assert.equal((await create('missing', only('s3://nowhere/x'), expanding)).StackStatus, 'ROLLBACK_COMPLETE')
    const reason = (await events('missing')).find(({ ResourceStatus }) => ResourceStatus === 'ROLLBACK_IN_PROGRESS')
    assert.equal(reason?.ResourceStatusReason, `${said}. Rollback requested by user.`)
  })

  it('are acknowledged by whoever creates a stack without a change set', async () => {
    const template = { ...extended, Resources: { Only: parameter('/only', 'x') } }
    const { code, message } = await refusal(
      cloud().send(new CreateStackCommand({ StackName: 'unacknowledged', TemplateBody: text(template) })),
    )
    assert.equal(code, 'InsufficientCapabilitiesException')
    assert.equal(message, 'Requires capabilities : [CAPABILITY_AUTO_EXPAND]')
  })
})
