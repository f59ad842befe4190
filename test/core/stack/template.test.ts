import assert from 'node:assert/strict'
import { defaultInstanceType } from '../../../scripts/core/stack/default-instance-type.ts'
import { templateFaults } from '../../../scripts/core/stack/template-faults.ts'
import { placeOf } from '../../../scripts/core/stack/template.ts'

describe('template faults', () => {
  it("take CloudFormation's own tags", () => {
    assert.deepEqual(
      templateFaults(
        'Resources:\n  A:\n    Type: X\n    Name: !Sub "${B}-c"\n    If: !If [x, !Ref Y, !GetAtt Z.Arn]\n',
      ),
      [],
    )
  })
  it('name line and column of what is malformed', () => {
    const [fault] = templateFaults('Resources:\n  A:\n    Type: [X\n  B: {}\n')
    assert.ok(fault !== undefined && fault.line >= 3 && fault.what.length > 0)
  })
  it('find keys that stand twice, and templates that hold nothing', () => {
    assert.match(templateFaults('Resources:\n  A: {}\n  A: {}\n')[0]!.what, /unique/i)
    assert.match(templateFaults('Outputs: {}\n')[0]!.what, /needs Resources/)
    assert.match(templateFaults('')[0]!.what, /needs Resources/)
  })
})

describe('place of a complaint', () => {
  const template = 'Resources:\n  Gateway:\n    Type: X\n  Route:\n    Properties:\n      GatewayId: !Ref Gatewai\n'
  it('is the line that holds the name which CloudFormation mentions', () => {
    assert.equal(
      placeOf(template, 'Template format error: Unresolved resource dependencies [Gatewai] in the Resources block'),
      6,
    )
    assert.equal(placeOf(template, "Invalid template property 'Route'"), 4)
  })
  it('is not guessed when no name fits', () => {
    assert.equal(placeOf(template, 'Template format error: [Nothing] here'), undefined)
  })
})

describe('default instance type', () => {
  it("is what the template's mapping says", () => {
    const template =
      'Mappings:\n  Sizes:\n    integration: { InstanceType: t3.micro, Min: 1 }\n    staging: { Min: 2, InstanceType: t3.small }\n'
    assert.equal(defaultInstanceType(template, 'integration'), 't3.micro')
    assert.equal(defaultInstanceType(template, 'staging'), 't3.small')
    assert.equal(defaultInstanceType(template, 'production'), undefined)
  })
})
