import assert from 'node:assert/strict'
import type { ActionRun } from '../../../scripts/core/pipeline/action-runs.ts'
import { remedyOf, type WayBack } from '../../../scripts/core/pipeline/remedy.ts'
import { actionRuns } from '../../fakes/pipelines.ts'

const app = ' REPO=web BRANCH=main'
const packet = { stage: 'Production', action: 'Packet', variables: { OLD_IMAGE: 'ami-1' } }

type Run = Partial<ActionRun> & Pick<ActionRun, 'stage' | 'action'>

/** The last of the runs is the one that failed. */
const remedy = (why: string, runs: readonly Run[], wayBack?: WayBack): string => {
  const all = actionRuns(...runs.slice(0, -1), { ...runs.at(-1)!, status: 'Failed' })
  return remedyOf({ run: all[0]!, why, runs: all, wayBack, app })
}
const execute = (status: string) => ({ stage: 'Production', action: 'Execute', status })

describe('what a failed action left', () => {
  it('is production on the new image, when Smoke fails after the change set was executed', () => {
    const words = remedy('503', [packet, execute('Succeeded'), { stage: 'Production', action: 'Smoke' }])
    assert.match(words, /production runs what was approved, and nothing takes it back by itself/)
    assert.match(words, /last good image.*: `make rollback-app ENV=production REPO=web BRANCH=main REASON="\.\.\."`/)
    assert.doesNotMatch(words, /rolled|took production back/)
  })

  it('is nothing to go back to, where there was no image before', () => {
    const first = { ...packet, variables: { OLD_IMAGE: 'none' } }
    const words = remedy('503', [first, execute('Succeeded'), { stage: 'Production', action: 'Smoke' }])
    assert.match(words, /no image before it/)
    assert.doesNotMatch(words, /rollback-app/)
  })

  it('is production as it was, when the execution failed and CloudFormation went back', () => {
    const words = remedy('alarm (Stack: x is UPDATE_ROLLBACK_COMPLETE)', [
      packet,
      { stage: 'Production', action: 'Execute' },
    ])
    assert.match(words, /^CloudFormation took production back/)
  })

  it('is a stack that waits for a person, when CloudFormation could not go back', () => {
    const words = remedy('alarm (Stack: x is UPDATE_ROLLBACK_FAILED)', [
      packet,
      { stage: 'Production', action: 'Execute' },
    ])
    assert.match(words, /could not take production back.*make recover-app ENV=production REPO=web BRANCH=main/)
  })

  for (const action of ['ChangeSet', 'Packet', 'Approve', 'Guard'])
    it(`is production untouched, when ${action} fails`, () =>
      assert.match(remedy('no', [{ stage: 'Production', action }]), /^Production was not touched/))

  it('is production untouched, whatever an earlier attempt of the same execution did', () => {
    for (const status of ['Failed', 'Succeeded'])
      assert.match(
        remedy('too late on a Friday', [packet, execute(status), packet, { stage: 'Production', action: 'Approve' }]),
        /^Production was not touched/,
      )
  })

  it('is what waiting for it told at last', () => {
    const waited =
      'x is UPDATE_IN_PROGRESS: something else changes it\nx is ROLLBACK_COMPLETE: its first deployment failed'
    assert.match(remedy(waited, [{ stage: 'Plan', action: 'Await' }]), /make recover-app ENV=production/)
    const still =
      'x is UPDATE_IN_PROGRESS: something else changes it\nUPDATE_IN_PROGRESS of x is not done after 60 minutes'
    assert.match(remedy(still, [{ stage: 'Plan', action: 'Await' }]), /when it is done: `make retry-pipeline`/)
  })

  for (const stage of ['Plan', 'Production']) {
    it(`is a stack that only a person clears away: ${stage}`, () => {
      const why = 'Stack:arn:x is in ROLLBACK_COMPLETE state and can not be updated.'
      assert.match(
        remedy(why, [{ stage, action: 'ChangeSet' }]),
        /make recover-app ENV=production REPO=web BRANCH=main`, then `make retry-pipeline`/,
      )
    })
    it(`is a stack that something else changes: ${stage}`, () => {
      const why = 'Stack:arn:x is in UPDATE_IN_PROGRESS state and can not be updated.'
      assert.match(remedy(why, [{ stage, action: 'ChangeSet' }]), /when it is done: `make retry-pipeline`/)
    })
  }

  it('is no environment, when it is baked or verified', () =>
    assert.match(remedy('no', [{ stage: 'Verify', action: 'Verify' }]), /^No environment was touched/))

  it('is an environment that goes back, or that cannot, and then which command does', () => {
    const smoke = [{ stage: 'Staging', action: 'Smoke' }]
    assert.match(remedy('503', smoke, { type: 'goes back' }), /goes back to its last good image by itself/)
    assert.match(remedy('503', smoke, { type: 'nothing' }), /nothing to go back to/)
    assert.match(
      remedy('503', smoke, { type: 'changed since' }),
      /cannot go back by itself: the pipeline was changed.*\n.*last good image.*: `make rollback-app ENV=staging REPO=web BRANCH=main`/,
    )
    assert.match(
      remedy('alarm', [{ stage: 'Staging', action: 'Deploy' }], { type: 'changed since' }),
      /CloudFormation took its stack back/,
    )
  })

  it('is an environment that waits for a person, where CloudFormation could not go back', () => {
    const words = remedy('x is UPDATE_ROLLBACK_FAILED', [{ stage: 'Staging', action: 'Deploy' }], { type: 'goes back' })
    assert.match(words, /waits for a person: `make recover-app ENV=staging REPO=web BRANCH=main`/)
    assert.doesNotMatch(words, /by itself/)
  })

  it('is production on the image before, where a setting took it back', () => {
    assert.match(remedy('taken back', [{ stage: 'Return', action: 'Smoke' }]), /the image before was put back/)
    assert.match(remedy('alarm', [{ stage: 'Return', action: 'Execute' }]), /could not be put back.*make status-app/)
  })
})
