import assert from 'node:assert/strict'
import type { ActionRun } from '../../../scripts/core/pipeline/action-runs.ts'
import { pastOf } from '../../../scripts/core/pipeline/history.ts'
import { actionRuns, execution } from '../../fakes/pipelines.ts'

const stages = ['Source', 'Bake', 'Recover', 'Integration', 'Staging', 'Plan', 'Production']
const pushed = {
  ...{ commit: '9f3c2e1a'.repeat(5), message: 'Ship it', author: 'Ann Doe' },
  pusher: 'arn:aws:iam::123456789012:user/ann',
}
type Begun = Partial<ActionRun> & Pick<ActionRun, 'stage' | 'action'>
const begun = [
  {
    stage: 'Source',
    action: 'Control',
    configuration: { S3ObjectKey: 'control/0.1.0-4d1a90b00000-0123456789ab.zip' },
  },
  { stage: 'Bake', action: 'Bake', variables: { IMAGE_ID: 'ami-9' } },
  { stage: 'Bake', action: 'Configure', variables: { IMAGE_ID: 'ami-2', VERSION: '2.0.0' } },
  { stage: 'Integration', action: 'Deploy' },
] as const
const results = (past: ReturnType<typeof pastOf>): string[] =>
  past.stages.map(({ name, result, action, tries }) => [name, result, action, tries > 1 ? tries : ''].join(' ').trim())

describe('what is told of an execution later', () => {
  it('is who pushed what, the image that Configure found, who approved which digest, and which control judged', () => {
    const runs = actionRuns(...begun, {
      stage: 'Production',
      action: 'Approve',
      approval: true,
      by: 'arn:bob',
      updated: 5000,
      summary: 'digest 0123456789abcdef',
    })
    const past = pastOf(execution('e1', { status: 'Succeeded', started: 1000, updated: 9000 }), runs, stages, pushed)
    assert.deepEqual(past, {
      execution: 'e1',
      type: 'STANDARD',
      status: 'Succeeded',
      started: '1970-01-01T00:00:01.000Z',
      ended: '1970-01-01T00:00:09.000Z',
      ...pushed,
      image: 'ami-2',
      version: '2.0.0',
      stages: past.stages,
      answers: [
        {
          ...{ approved: true, by: 'arn:bob', at: '1970-01-01T00:00:05.000Z' },
          ...{ digest: '0123456789abcdef', words: 'digest 0123456789abcdef' },
        },
      ],
      control: { version: '0.1.0', commit: '4d1a90b00000' },
    })
    assert.deepEqual(results(past), [
      ...[
        'Source ok',
        'Bake ok',
        'Recover skipped',
        'Integration ok',
        'Staging skipped',
        'Plan skipped',
        'Production ok',
      ],
    ])
  })

  it('is what CodePipeline shows of the commit, where the pushed object is gone', () => {
    const { commit, message, author, pusher } = pastOf(execution('e1'), [], stages, undefined)
    assert.deepEqual([commit, message, author, pusher], ['9f3c2e1', 'Ship it', '', ''])
  })

  it('says that production was passed over when nothing would change, and not before that is known', () => {
    const runs = actionRuns(...begun, { stage: 'Staging', action: 'Smoke' }, { stage: 'Plan', action: 'Packet' })
    const of = (status: 'Succeeded' | 'InProgress' | 'Failed') =>
      results(pastOf(execution('e1', { status }), runs, stages, pushed))
    assert.equal(of('Succeeded').at(-1), 'Production skipped')
    for (const status of ['InProgress', 'Failed'] as const) assert.equal(of(status).at(-1), 'Plan ok')
  })

  it('says what failed, what was tried again, what waits and what was abandoned', () => {
    const of = (...more: Begun[]) =>
      results(pastOf(execution('e1'), actionRuns(...begun, ...more), stages, pushed)).at(-1)
    const smoke = { stage: 'Integration', action: 'Smoke' }
    assert.equal(of({ ...smoke, status: 'Failed' }), 'Integration failed Smoke')
    assert.equal(of({ ...smoke, status: 'Failed' }, smoke), 'Integration ok  2')
    assert.equal(of({ ...smoke, status: 'InProgress' }), 'Integration running Smoke')
    assert.equal(of({ ...smoke, status: 'Abandoned' }), 'Integration stopped Smoke')
    const approve = { stage: 'Production', action: 'Approve', approval: true, status: 'InProgress' }
    assert.equal(of(approve), 'Production waiting Approve')
  })

  it('keeps every answer, also the refusal before a retry, and none that nobody gave', () => {
    const ask = { stage: 'Production', action: 'Approve', approval: true }
    const { answers } = pastOf(
      execution('e1'),
      actionRuns(
        { ...ask, status: 'Failed', summary: 'too late on a Friday', by: 'arn:bob' },
        { ...ask, status: 'Succeeded', summary: 'LGTM', by: 'arn:eve' },
        { ...ask, status: 'InProgress' },
        { ...ask, status: 'Abandoned' },
      ),
      stages,
      pushed,
    )
    assert.deepEqual(
      answers.map(({ approved, by, digest, words }) => [approved, by, digest, words]),
      [
        [true, 'arn:eve', '', 'LGTM'],
        [false, 'arn:bob', '', 'too late on a Friday'],
      ],
    )
  })

  it('of a roll-back is its stage alone', () => {
    const back = execution('e2', { type: 'ROLLBACK', status: 'Succeeded' })
    assert.deepEqual(results(pastOf(back, actionRuns(begun[3]), stages, pushed)), ['Integration ok'])
  })
})
