import assert from 'node:assert/strict'
import { makeInspection } from '../../scripts/aws/inspection.ts'
import { interrupted } from '../../scripts/core/errors.ts'
import { fakeClock } from '../fakes/image-ports.ts'
import { fakeSdk } from '../fakes/sdk.ts'

const begun = new Date('2026-01-31T12:00:00Z')
const drift = (LogicalResourceId: string, StackResourceDriftStatus: string, Timestamp = begun) => ({
  LogicalResourceId,
  PhysicalResourceId: LogicalResourceId.toLowerCase(),
  ResourceType: 'AWS::SNS::Topic',
  StackResourceDriftStatus,
  Timestamp,
})

const detecting = (status: object, ...drifts: readonly object[]) =>
  fakeSdk({
    DetectStackDrift: () => ({ StackDriftDetectionId: 'd-1' }),
    DescribeStackDriftDetectionStatus: () => status,
    DescribeStackResourceDrifts: () => ({ StackResourceDrifts: drifts }),
  })

describe('drift detection', () => {
  it('keeps what it found where it failed, and takes no older result for a new one', async () => {
    const client = detecting(
      { DetectionStatus: 'DETECTION_FAILED', DetectionStatusReason: 'denied', Timestamp: begun },
      drift('Gone', 'DELETED'),
      drift('Denied', 'UNKNOWN'),
      drift('Stale', 'IN_SYNC', new Date(begun.getTime() - 1)),
    )
    const found = await makeInspection({ region: 'eu-central-1' }, fakeClock(), client).drift('s')
    assert.deepEqual(found.type === 'failed' && found.reason, 'denied')
    assert.deepEqual(
      found.resources.map(({ logicalId, status }) => `${logicalId} ${status}`),
      ['Gone DELETED', 'Denied UNKNOWN', 'Stale NOT_CHECKED'],
    )
  })

  it('does not wait for ever', async () => {
    const client = detecting({ DetectionStatus: 'DETECTION_IN_PROGRESS' })
    const found = await makeInspection({ region: 'eu-central-1' }, fakeClock(), client).drift('s')
    assert.deepEqual(found, { type: 'failed', stack: 's', reason: 'drift detection did not end', resources: [] })
  })

  it('ends its wait at the first Ctrl-C', async () => {
    const client = detecting({ DetectionStatus: 'DETECTION_IN_PROGRESS' })
    const clock = { ...fakeClock(), sleep: () => Promise.reject(interrupted()) }
    await assert.rejects(makeInspection({ region: 'eu-central-1' }, clock, client).drift('s'), /Interrupted/)
  })
})
