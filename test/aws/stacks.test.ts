import assert from 'node:assert/strict'
import { readEvents } from '../../scripts/aws/stack-events.ts'
import { fakeSdk } from '../fakes/sdk.ts'

const id = 'arn:stack/web'
const event = (number: number, status: string, token: string, own = false) => ({
  EventId: `e${number}`,
  Timestamp: new Date(number * 1000),
  LogicalResourceId: own ? 'web' : 'Thing',
  PhysicalResourceId: own ? id : 'thing-1',
  ResourceType: own ? 'AWS::CloudFormation::Stack' : 'AWS::SNS::Topic',
  ResourceStatus: status,
  ClientRequestToken: token,
})

/** Newest first, as CloudFormation tells them. */
const story = [
  event(7, 'UPDATE_COMPLETE', 'two', true),
  event(6, 'UPDATE_COMPLETE', 'two'),
  event(5, 'UPDATE_IN_PROGRESS', 'two'),
  event(4, 'UPDATE_IN_PROGRESS', 'two', true),
  event(3, 'CREATE_COMPLETE', 'one', true),
  event(2, 'CREATE_COMPLETE', 'one'),
  event(1, 'CREATE_IN_PROGRESS', 'one', true),
]
const paged = () =>
  fakeSdk({
    DescribeStackEvents: ({ NextToken }) => {
      const from = Number(NextToken ?? 0)
      return {
        StackEvents: story.slice(from, from + 3),
        NextToken: from + 3 < story.length ? String(from + 3) : undefined,
      }
    },
  })

describe('events of a stack', () => {
  it('are those of one operation, oldest first, read only back to its beginning', async () => {
    const sdk = paged()
    const events = await readEvents(sdk, id, { type: 'token', token: 'two' })
    assert.deepEqual(
      events.map((each) => each.id),
      ['e4', 'e5', 'e6', 'e7'],
    )
    assert.equal(sdk.sent.length, 2)
  })

  it('are none before the operation has begun', async () => {
    assert.deepEqual(await readEvents(paged(), id, { type: 'token', token: 'three' }), [])
  })

  it('are those of whatever began last, when somebody else began it', async () => {
    const events = await readEvents(paged(), id, { type: 'latest' })
    assert.equal(events[0]!.id, 'e4')
  })

  it('are only the new ones when some are known', async () => {
    const sdk = paged()
    const events = await readEvents(sdk, id, { type: 'token', token: 'two' }, 'e5')
    assert.deepEqual(
      events.map((each) => each.id),
      ['e6', 'e7'],
    )
    assert.equal(sdk.sent.length, 1)
  })
})
