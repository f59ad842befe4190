import assert from 'node:assert/strict'
import type { RigletError } from '../../../../scripts/core/errors.ts'
import type { StackResource } from '../../../../scripts/core/ports/stacks.ts'
import { stackType, type StackEvent } from '../../../../scripts/core/stack/events.ts'
import { fakePorts, fakeRegion, type World } from '../../../fakes/regional.ts'
import { fakeStacks, idOf, stackState, type FakeStacks, type FakeStacksOptions } from '../../../fakes/stacks.ts'
import { answering } from '../../../fakes/terminal.ts'
import { failureOf } from '../../../support/failure.ts'

export const settings = {
  ...{ OWNER: 'acme', PROJECT: 'shop', REGION: 'eu-central-1', REPO: 'shop', BRANCH: 'main', ENV: 'production' },
} as const
export const name = 'acme-shop-production-app-shop-main'
export const staging = { ...settings, ENV: 'staging' }
export const inStaging = 'acme-shop-staging-app-shop-main'

/** One event in the story of a stack. */
export const told = (stack: string, logicalId: string, status: string, reason?: string): StackEvent => ({
  id: `${stack} ${logicalId} ${status}`,
  time: new Date(0),
  logicalId,
  physicalId: logicalId === stack ? idOf(stack) : `${logicalId}-1`,
  resourceType: logicalId === stack ? stackType : 'AWS::AutoScaling::AutoScalingGroup',
  status,
  reason,
})
export const resource = (
  logicalId: string,
  status: string,
  type = 'AWS::AutoScaling::AutoScalingGroup',
): StackResource => ({
  ...{ logicalId, physicalId: `${logicalId}-1`, type, status },
})

/** A stack whose update failed at Template, and whose roll-back then failed at Group. */
export const needingRecovery = (stack: string, more: FakeStacksOptions = {}): FakeStacks =>
  fakeStacks({
    states: [stackState(stack, 'UPDATE_ROLLBACK_FAILED', { statusReason: 'failed to update: [Group]' })],
    told: {
      [idOf(stack)]: [
        told(stack, stack, 'UPDATE_IN_PROGRESS', 'User Initiated'),
        told(stack, 'Template', 'UPDATE_FAILED', 'no such image'),
        told(stack, stack, 'UPDATE_ROLLBACK_IN_PROGRESS'),
        told(stack, 'Group', 'UPDATE_FAILED', 'the alarm is on'),
        told(stack, stack, 'UPDATE_ROLLBACK_FAILED', 'failed to update: [Group]'),
      ],
    },
    resources: { [stack]: [resource('Template', 'UPDATE_COMPLETE'), resource('Group', 'UPDATE_FAILED')] },
    ...more,
  })

export const world = (stacks: FakeStacks, more: World = {}, ...answers: readonly string[]) => {
  const terminal = answering(...answers)
  const region = fakeRegion({ stacks, ...more })
  return { stacks, terminal, region, ports: fakePorts(terminal, region) }
}
/** Why nothing was recovered. */
export const rejected = async (work: Promise<number>, stacks: FakeStacks): Promise<RigletError> => {
  const error = await failureOf(work)
  assert.deepEqual([stacks.removed, stacks.rollbacks], [[], []])
  return error
}
