import assert from 'node:assert/strict'
import { makeListeners } from '../../scripts/aws/listeners.ts'
import { fakeSdk } from '../fakes/sdk.ts'

describe('rules of a listener', () => {
  it('are read page by page, in each form that the service has for them, without the default one', async () => {
    const pages = [
      {
        Rules: [
          {
            RuleArn: 'one',
            Priority: '7',
            Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['a.example.com'] } }],
            Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: 'group' }] } }],
          },
          { RuleArn: 'last', Priority: 'default', IsDefault: true },
        ],
        NextMarker: 'more',
      },
      {
        Rules: [
          {
            RuleArn: 'two',
            Priority: '9',
            Conditions: [{ Field: 'path-pattern', Values: ['/*'] }, { Field: 'source-ip' }],
            Actions: [{ Type: 'forward', TargetGroupArn: 'other' }],
          },
        ],
      },
    ]
    const client = fakeSdk({ DescribeRules: () => pages.shift() })
    const { rules } = makeListeners({ region: 'eu-central-1' }, client as never)
    assert.deepEqual(await rules('listener'), [
      {
        arn: 'one',
        priority: 7,
        conditions: [{ field: 'host-header', values: ['a.example.com'] }],
        targetGroups: ['group'],
      },
      {
        arn: 'two',
        priority: 9,
        conditions: [
          { field: 'path-pattern', values: ['/*'] },
          { field: 'source-ip', values: [] },
        ],
        targetGroups: ['other'],
      },
    ])
    assert.deepEqual(
      client.sent.map(({ input }) => input['Marker']),
      [undefined, 'more'],
    )
  })
})
