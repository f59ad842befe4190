import assert from 'node:assert/strict'
import { stackType, type StackEvent } from '../../scripts/core/stack/events.ts'
import { advance, noProgress } from '../../scripts/core/stack/progress.ts'
import { endLine, eventLine, progressBlock } from '../../scripts/view/progress.ts'
import { matchesGolden } from '../golden.ts'

const id = 'arn:stack/web'
const at = (seconds: number): Date => new Date(Date.parse('2026-01-31T12:00:00Z') + seconds * 1000)
const event = (seconds: number, logicalId: string, status: string, reason?: string): StackEvent => ({
  id: `${seconds}${logicalId}`,
  time: at(seconds),
  logicalId,
  physicalId: logicalId === 'web' ? id : logicalId,
  resourceType: logicalId === 'web' ? stackType : 'AWS::EC2::NatGateway',
  status,
  reason,
})

describe('progress on the screen', () => {
  const events = [
    event(0, 'web', 'CREATE_IN_PROGRESS'),
    ...['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map((name, index) => event(index + 1, name, 'CREATE_IN_PROGRESS')),
    event(20, 'A', 'CREATE_COMPLETE'),
  ]

  it('shows a line a stack, and what is being worked on with its time', () => {
    const creating = {
      title: 'web',
      operation: 'create',
      total: 12,
      progress: advance(noProgress, events, id),
    } as const
    const rolling = {
      title: 'app',
      operation: 'update',
      total: 3,
      progress: advance(noProgress, [...events.slice(0, 2), event(30, 'web', 'UPDATE_ROLLBACK_IN_PROGRESS')], id),
    } as const
    const deleted = {
      title: 'old',
      operation: 'delete',
      total: undefined,
      progress: advance(noProgress, [event(0, 'web', 'DELETE_COMPLETE')], id),
    } as const
    const block = progressBlock([creating, rolling, deleted], at(65), 80)
    matchesGolden('progress', block.join('\n'))
    assert.ok(block.every((line) => line.length < 80))
  })

  it('says what is done and what failed, a line each, not what merely began', () => {
    const lines = [
      event(1, 'A', 'CREATE_IN_PROGRESS'),
      event(2, 'A', 'CREATE_COMPLETE'),
      event(3, 'B', 'DELETE_SKIPPED'),
      event(4, 'C', 'UPDATE_FAILED', 'no\n room'),
      event(5, 'web', 'UPDATE_ROLLBACK_IN_PROGRESS', 'The following resource(s) failed to update: [C].'),
      event(6, 'web', 'UPDATE_ROLLBACK_COMPLETE'),
    ].map((each) => eventLine('web', each, id))
    assert.deepEqual(lines, [
      undefined,
      '  web  created  A (nat gateway)',
      '  web  kept     B (nat gateway)',
      '! web  FAILED   C (nat gateway): no room',
      'web: ROLLING BACK. The following resource(s) failed to update: [C].',
      undefined,
    ])
  })

  it('ends in one line: the cause first, then what is left', () => {
    assert.equal(
      endLine('web', { type: 'done', stack: 'w', operation: 'delete', status: 'DELETE_COMPLETE' }),
      'web: deleted',
    )
    assert.equal(
      endLine('web', {
        type: 'failed',
        stack: 'w',
        operation: 'create',
        status: 'ROLLBACK_COMPLETE',
        cause: 'A (X): no room.',
      }),
      'web was not created: A (X): no room; rolled back: everything it had made is gone',
    )
  })
})
