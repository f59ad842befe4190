import assert from 'node:assert/strict'
import { readChanges, toChange } from '../../../scripts/aws/cloudformation/changes.ts'
import { replaces } from '../../../scripts/core/stack/plan.ts'
import { fakeSdk, onePage } from '../../fakes/sdk.ts'

describe('changes of a change set', () => {
  it('tell replacement, deletionPolicy and property-level values', () => {
    const change = toChange({
      Action: 'Modify',
      LogicalResourceId: 'Group',
      ResourceType: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      Replacement: 'True',
      PolicyAction: 'ReplaceAndDelete',
      Details: [
        {
          Target: {
            Path: '/Properties/Port',
            BeforeValue: '80',
            AfterValue: '8080',
            RequiresRecreation: 'Always',
            Attribute: 'Properties',
            Name: 'Port',
          },
          ChangeSource: 'DirectModification',
        },
      ],
    })
    assert.equal(replaces(change), true)
    assert.equal(change.deletionPolicy, 'delete')
    assert.deepEqual(change.properties, [
      { path: 'Port', before: '80', after: '8080', replaces: 'yes', cause: undefined },
    ])
  })

  it('list a property once that several things move, with all that is known of it', () => {
    const target = { Path: '/Properties/Data/ImageId', Attribute: 'Properties' as const, Name: 'Data' }
    const { properties } = toChange({
      Action: 'Modify',
      Details: [
        {
          Target: { ...target, RequiresRecreation: 'Never' },
          CausingEntity: 'ImageId',
          ChangeSource: 'ParameterReference',
        },
        {
          Target: { ...target, RequiresRecreation: 'Conditionally', BeforeValue: 'a', AfterValue: 'b' },
          ChangeSource: 'DirectModification',
        },
      ],
    })
    assert.deepEqual(properties, [
      { path: 'Data.ImageId', before: 'a', after: 'b', replaces: 'conditional', cause: 'ImageId' },
    ])
  })

  it('say conditional where CloudFormation cannot tell', () => {
    assert.equal(toChange({ Action: 'Modify', Replacement: 'Conditional' }).replacement, 'conditional')
    assert.equal(toChange({ Action: 'Dynamic' }).action, 'conditional')
    assert.equal(toChange({ Action: 'Add' }).replacement, 'no')
  })

  it('are read to the last page: the first one alone may hide a replacement', async () => {
    const all = ['A', 'B', 'C'].map((LogicalResourceId) => ({ ResourceChange: { LogicalResourceId } }))
    const sdk = fakeSdk({
      DescribeChangeSet: ({ NextToken: token }) => {
        const { items: Changes, NextToken } = onePage(all, 1, token)
        return { Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE', Changes, NextToken }
      },
    })
    const { changes, executable } = await readChanges(sdk, 'web', 'set')
    assert.deepEqual(
      changes.map(({ logicalId }) => logicalId),
      ['A', 'B', 'C'],
    )
    assert.deepEqual(
      sdk.sent.map(({ input }) => [input['NextToken'], input['IncludePropertyValues']]),
      [
        [undefined, true],
        ['1', true],
        ['2', true],
      ],
    )
    assert.equal(executable, true)
  })
})
