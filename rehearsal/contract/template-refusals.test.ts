import assert from 'node:assert/strict'
import { CreateChangeSetCommand, CreateStackCommand, ValidateTemplateCommand } from '@aws-sdk/client-cloudformation'
import { describe, it } from 'mocha'
import { onRehearsal, refusal } from './support/ground.ts'
import { stacksOf } from './support/stacks.ts'

const parameter = (Value: unknown, more: object = {}) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Type: 'String', Value },
  ...more,
})
const value = (expression: unknown): object => ({
  Parameters: { Name: { Type: 'String', Default: 'x' } },
  Resources: { Other: parameter('other'), Only: parameter(expression) },
})
const output = (body: object): object => ({ Resources: { Only: parameter('x') }, Outputs: { Said: body } })

const select = 'Template error: Fn::Select requires a list argument with two elements: an integer index and a list'
const split =
  'Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split ' +
  'or a function that returns a string to be split.'
const getAtt =
  'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute'

const refused: readonly (readonly [what: string, template: object, message: string])[] = [
  ['a place that is no number', value({ 'Fn::Select': ['bad', ['a']] }), select],
  ['a selection from what is no list', value({ 'Fn::Select': [0, 2] }), select],
  ['a place behind the end of a list', value({ 'Fn::Select': [100, ['a']] }), select],
  ['a split with one argument', value({ 'Fn::Split': { Ref: 'AWS::Region' } }), split],
  ['an attribute without its name', value({ 'Fn::GetAtt': ['Other'] }), getAtt],
  ['an attribute of a reference alone', value({ 'Fn::GetAtt': [{ Ref: 'Name' }] }), getAtt],
  ['an output without Value', output({}), 'Template format error: Every Outputs member must contain a Value object'],
  ['a null output', output({ Value: null }), "[/Outputs/Said/Value] 'null' values are not allowed in templates"],
  ['a null property', value(null), "[/Resources/Only/Type/Value] 'null' values are not allowed in templates"],
  [
    'a resource named like a pseudo parameter',
    { Resources: { 'AWS::NoValue': parameter('x') } },
    'Template format error: Resource name AWS::NoValue is non alphanumeric.',
  ],
  [
    'a parameter named like a pseudo parameter',
    { Parameters: { 'AWS::NoValue': { Type: 'String' } }, Resources: { Only: parameter('x') } },
    'Template format error: Parameter name AWS::NoValue is non alphanumeric.',
  ],
]

// The sentences were recorded on AWS:
// https://github.com/localstack/localstack/tree/main/tests/aws/services/cloudformation
describe('a template is refused when it is read, in AWS’s own sentences', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const { cloud, changeSet } = stacksOf(ground)

  for (const [what, template, message] of refused)
    it(`for ${what}`, async () => {
      const given = { StackName: 'refused', TemplateBody: JSON.stringify(template) }
      for (const found of [
        await refusal(cloud().send(new ValidateTemplateCommand({ TemplateBody: given.TemplateBody }))),
        await refusal(cloud().send(new CreateStackCommand(given))),
        await refusal(
          cloud().send(new CreateChangeSetCommand({ ...given, ChangeSetName: 'next', ChangeSetType: 'CREATE' })),
        ),
      ])
        assert.deepEqual(found, { code: 'ValidationError', message })
    })

  it('but a condition may be named like a pseudo parameter', async () => {
    const template = {
      Conditions: { 'AWS::NoValue': { 'Fn::Equals': ['a', 'a'] } },
      Resources: { Only: parameter('x', { Condition: 'AWS::NoValue' }) },
    }
    const made = await changeSet('named', 'first', template, { ChangeSetType: 'CREATE' })
    assert.deepEqual([made.Status, made.Changes?.length], ['CREATE_COMPLETE', 1])
  })
})
