import assert from 'node:assert/strict'
import { withConditionsHolding, withoutSkips } from './copies.ts'

const template = `Parameters:
  HasLogs: { Type: String, Default: "no" }
Conditions:
  HasLogs: !Equals [!Ref HasLogs, "yes"]
  # Both, or none.
  HasBoth: !And
    - !Condition HasLogs
    - !Not [!Equals [!Ref HasLogs, ""]] # the default
  HasNone:
    Fn::Not:
      - Condition: HasBoth

Resources:
  Logs:
    Type: AWS::Logs::LogGroup
    # checkov:skip=CKV_AWS_158:not here
    Condition: HasLogs
`

describe('a template as Checkov reads it', () => {
  it('has conditions that all hold, and every line where it was', () => {
    const read = withConditionsHolding(template).split('\n')
    const written = template.split('\n')
    assert.deepEqual(
      read.filter((line) => line.includes('Equals')),
      ['  HasLogs: !Equals [a, a]', '  HasBoth: !Equals [a, a]', '  HasNone: !Equals [a, a]'],
    )
    assert.equal(read.length, written.length)
    for (const line of ['Resources:', '    Condition: HasLogs', '  # Both, or none.'])
      assert.equal(read.indexOf(line), written.indexOf(line), line)
  })

  it('is the same where it has no conditions', () => {
    const without = template.replace(/^Conditions:[^]*(?=^Resources:)/m, '')
    assert.equal(withConditionsHolding(without), without)
  })

  it('has its skips or has none, in a comment, in Metadata, and by each name that Checkov listens to', () => {
    const skips = [
      '# checkov:skip=CKV_AWS_18:why',
      '#bridgecrew:skip=CKV_AWS_18',
      '# cortex:skip=X',
      'checkov:\n skip:',
    ]
    for (const skip of skips) assert.doesNotMatch(withoutSkips(skip), /checkov:|bridgecrew:|cortex:/, skip)
    assert.equal(withoutSkips('Checkov does not look into an If'), 'Checkov does not look into an If')
  })
})
