import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import {
  isOver,
  isUnderWay,
  pendingApproval,
  type ActionState,
  type PipelineState,
  type StageState,
} from '../../../scripts/core/pipeline/state.ts'

export const action = (name: string, more: Partial<ActionState> = {}): ActionState => ({
  name,
  status: 'Succeeded',
  changed: 0,
  summary: '',
  error: '',
  token: '',
  external: '',
  link: '',
  ...more,
})

export const stage = (name: string, more: Partial<StageState> = {}): StageState => ({
  name,
  execution: 'e1',
  status: 'Succeeded',
  actions: [],
  barred: null,
  ...more,
})

const pipeline = (...stages: readonly StageState[]): PipelineState => ({ name: 'p', stages })

describe('pipeline state', () => {
  it('finds the approval that waits', () => {
    const waiting = stage('Production', {
      status: 'InProgress',
      actions: [action('Packet'), action('Approve', { status: 'InProgress', token: 't' })],
    })
    assert.deepEqual(pendingApproval(pipeline(stage('Source'), waiting)), {
      stage: 'Production',
      action: 'Approve',
      token: 't',
      execution: 'e1',
    })
  })

  it('does not take an action that merely runs for an approval', () =>
    assert.equal(
      pendingApproval(pipeline(stage('Bake', { actions: [action('Bake', { status: 'InProgress' })] }))),
      null,
    ))

  it('knows whether a stage works on an execution now', () => {
    const running = pipeline(stage('Source'), stage('Bake', { status: 'InProgress' }))
    assert.deepEqual([isUnderWay(running, 'e1'), isUnderWay(running, 'e2')], [true, false])
    assert.equal(isUnderWay(pipeline(stage('Source')), 'e1'), false)
  })

  it('knows which executions are over', () =>
    assert.deepEqual((['InProgress', 'Stopping', 'Succeeded', 'Failed', 'Superseded'] as const).map(isOver), [
      false,
      false,
      true,
      true,
      true,
    ]))
})
