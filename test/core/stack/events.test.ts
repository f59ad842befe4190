import assert from 'node:assert/strict'
import { stackType, type StackEvent } from '../../../scripts/core/stack/events.ts'
import { firstCause, plainReason } from '../../../scripts/core/stack/first-cause.ts'
import { aftermath, endOf } from '../../../scripts/core/stack/outcome.ts'
import { advance, finished, isDone, noProgress, underWay } from '../../../scripts/core/stack/progress.ts'

const id = 'arn:stack/web'
let number = 0
const event = (logicalId: string, status: string, reason?: string): StackEvent => ({
  id: String((number += 1)),
  time: new Date(number * 1000),
  logicalId,
  physicalId: logicalId === 'web' ? id : logicalId,
  resourceType: logicalId === 'web' ? stackType : 'AWS::EC2::Subnet',
  status,
  reason,
})

describe('first cause', () => {
  it('is the first resource that failed, not those that were cancelled for it', () => {
    const events = [
      event('web', 'CREATE_IN_PROGRESS', 'User Initiated'),
      event('B', 'CREATE_FAILED', 'Resource creation cancelled'),
      event('A', 'CREATE_FAILED', 'no room'),
      event('C', 'CREATE_FAILED', 'too late'),
      event('web', 'ROLLBACK_IN_PROGRESS', 'The following resource(s) failed to create: [A]'),
    ]
    assert.equal(firstCause(events, id), 'A (AWS::EC2::Subnet): no room')
  })

  it("is the stack's own reason where no resource failed", () => {
    const events = [
      event('web', 'UPDATE_IN_PROGRESS'),
      event('web', 'UPDATE_ROLLBACK_IN_PROGRESS', 'alarm\n  went off'),
    ]
    assert.equal(firstCause(events, id), 'alarm went off')
    assert.equal(firstCause([event('web', 'UPDATE_COMPLETE')], id), undefined)
  })

  it("drops what CloudFormation wraps around a handler's words", () => {
    const reason =
      'Resource handler returned message: "The CIDR \'10.9.0.0/24\' is invalid. (Service: Ec2, Status Code: 400, Request ID: 1-2)" (RequestToken: 60e7-24, HandlerErrorCode: InvalidRequest)'
    assert.equal(plainReason(reason), "The CIDR '10.9.0.0/24' is invalid.")
    assert.equal(plainReason('Received 1 FAILURE signal(s)'), 'Received 1 FAILURE signal(s)')
  })
})

describe('progress', () => {
  it('counts what is done and names what is under way', () => {
    let progress = advance(noProgress, [event('web', 'CREATE_IN_PROGRESS'), event('A', 'CREATE_IN_PROGRESS')], id)
    progress = advance(progress, [event('A', 'CREATE_COMPLETE'), event('B', 'CREATE_IN_PROGRESS')], id)
    assert.deepEqual(
      underWay(progress).map(({ logicalId }) => logicalId),
      ['B'],
    )
    assert.equal(finished(progress), 1)
    assert.equal(isDone(progress), false)
    progress = advance(progress, [event('B', 'CREATE_COMPLETE'), event('web', 'CREATE_COMPLETE')], id)
    assert.equal(isDone(progress), true)
  })

  it('times a resource from when its present status began', () => {
    const first = event('A', 'CREATE_IN_PROGRESS')
    const progress = advance(noProgress, [first, event('A', 'CREATE_IN_PROGRESS', 'Resource creation Initiated')], id)
    assert.deepEqual(underWay(progress)[0]!.since, first.time)
  })

  it('is not done while a roll-back or a clean-up goes on', () => {
    for (const status of ['ROLLBACK_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'])
      assert.equal(isDone(advance(noProgress, [event('web', status)], id)), false)
  })
})

describe('outcome', () => {
  it('takes a roll-back that ended well for the failure that it is', () => {
    assert.equal(endOf('web', 'update', 'UPDATE_COMPLETE', undefined).type, 'done')
    for (const status of ['UPDATE_ROLLBACK_COMPLETE', 'ROLLBACK_COMPLETE', 'DELETE_FAILED', 'UPDATE_ROLLBACK_FAILED'])
      assert.equal(endOf('web', 'update', status, 'x').type, 'failed')
  })
  it('says what a failure left behind', () => {
    assert.match(aftermath('ROLLBACK_COMPLETE'), /everything it had made is gone/)
    assert.match(aftermath('UPDATE_ROLLBACK_COMPLETE'), /as it was before/)
    assert.match(aftermath('UPDATE_ROLLBACK_FAILED'), /the roll-back failed, too/)
    assert.match(aftermath('DELETE_FAILED'), /still there/)
  })
})
