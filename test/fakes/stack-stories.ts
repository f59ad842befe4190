import { stackType, type StackEvent } from '../../scripts/core/stack/events.ts'
import type { StackState } from '../../scripts/core/stack/state.ts'

/** How an operation goes: what it tells, how much of that somebody has heard, and what is so at its end. */
type Story = { readonly events: readonly StackEvent[]; told: number; readonly end: () => void }

const failedStatus = {
  CREATE: 'ROLLBACK_COMPLETE',
  UPDATE: 'UPDATE_ROLLBACK_COMPLETE',
  DELETE: 'DELETE_FAILED',
} as const

/** Operations of stacks, a story each; `failing` says why a stack's operation fails. */
export function makeStories(states: Map<string, StackState>, failing: Readonly<Record<string, string>> = {}) {
  /** By stack id. */
  const stories = new Map<string, Story>()
  let clock = Date.parse('2026-01-31T12:00:00Z')

  const event = (
    { name, id }: StackState,
    logicalId: string,
    status: string,
    token: string,
    reason?: string,
  ): StackEvent => ({
    id: `${name}-${logicalId}-${status}-${(clock += 1000)}`,
    time: new Date(clock),
    logicalId,
    physicalId: logicalId === name ? id : `${logicalId}-1`,
    resourceType: logicalId === name ? stackType : 'AWS::SNS::Topic',
    status,
    reason,
    token,
  })

  const begin = (
    name: string,
    operation: keyof typeof failedStatus,
    token: string,
    then: StackState | undefined,
  ): void => {
    const reason = failing[name]
    const before = states.get(name)!
    const tell = (logicalId: string, status: string, why?: string) => event(before, logicalId, status, token, why)
    states.set(name, { ...before, status: `${operation}_IN_PROGRESS` })
    const failed = failedStatus[operation]
    const events = [
      tell(name, `${operation}_IN_PROGRESS`, 'User Initiated'),
      tell('Thing', `${operation}_IN_PROGRESS`),
      ...(reason === undefined
        ? [tell('Thing', `${operation}_COMPLETE`), tell(name, `${operation}_COMPLETE`)]
        : [
            tell('Thing', `${operation}_FAILED`, reason),
            tell('Other', `${operation}_FAILED`, 'Resource creation cancelled'),
            ...(operation === 'DELETE' ? [] : [tell(name, failed.replace('COMPLETE', 'IN_PROGRESS'))]),
            tell(name, failed),
          ]),
    ]
    const end = (): void => {
      if (reason !== undefined) states.set(name, { ...before, status: failed })
      else if (then === undefined) states.delete(name)
      else states.set(name, then)
    }
    stories.set(before.id, { events, told: 0, end })
  }

  /** Rolls a stack back, or goes on with that; the token of its events. */
  const rollBack = (state: StackState): string => {
    const { name } = state
    const [token, reason] = [`rollback-${name}`, failing[name]]
    states.set(name, { ...state, status: 'UPDATE_ROLLBACK_IN_PROGRESS' })
    const status = reason === undefined ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_FAILED'
    const events = [
      event(state, name, 'UPDATE_ROLLBACK_IN_PROGRESS', token, 'User Initiated'),
      reason === undefined
        ? event(state, 'Thing', 'UPDATE_COMPLETE', token)
        : event(state, 'Thing', 'UPDATE_FAILED', token, reason),
      event(state, name, status, token),
    ]
    stories.set(state.id, { events, told: 0, end: () => void states.set(name, { ...state, status }) })
    return token
  }

  return { stories, begin, rollBack }
}
