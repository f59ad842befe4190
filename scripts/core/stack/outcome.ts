import { isSuccess } from './state.ts'

/** `rollback`: one that a person asked for; what an update does by itself when it fails is part of the update. */
export type Operation = 'create' | 'update' | 'delete' | 'rollback'

/** How an operation on one stack ended. */
export type StackEnd =
  | { readonly type: 'done'; readonly stack: string; readonly operation: Operation; readonly status: string }
  | {
      readonly type: 'failed'
      readonly stack: string
      readonly operation: Operation
      readonly status: string
      readonly cause: string
    }

const didRollBack = (operation: Operation, status: string): boolean =>
  operation === 'rollback' && status === 'UPDATE_ROLLBACK_COMPLETE'

/** A roll-back may end in UPDATE_COMPLETE's likeness, never in its name: the status alone tells. */
export const endOf = (stack: string, operation: Operation, status: string, cause: string | undefined): StackEnd =>
  isSuccess(status) || didRollBack(operation, status)
    ? { type: 'done', stack, operation, status }
    : { type: 'failed', stack, operation, status, cause: cause ?? 'CloudFormation gives no reason' }

/**
 * Whether an alarm ended a roll-out, in Auto Scaling's words. One that was in ALARM before may end the fix, too.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html
 */
export const endedByAlarm = (cause: string): boolean => /CloudWatch alarm\b.*\bALARM state/s.test(cause)

/** The way out, for one update by hand. */
export const ignoringAlarms = 'ROLL_OUT_ALARMS=ignore'

/** What a failed operation left behind, in words. */
export function aftermath(status: string): string {
  switch (status) {
    case 'ROLLBACK_COMPLETE':
      return 'rolled back: everything it had made is gone'
    case 'UPDATE_ROLLBACK_COMPLETE':
      return 'rolled back: it is as it was before'
    case 'UPDATE_ROLLBACK_FAILED':
    case 'ROLLBACK_FAILED':
      return `the roll-back failed, too (${status})`
    case 'DELETE_FAILED':
      return 'what could not be deleted is still there'
    default:
      return `it is ${status}`
  }
}

/** What was done to a set of stacks. `ends` of one that was declined: what an earlier question had let through. */
export type Outcome =
  | { readonly type: 'unchanged'; readonly stacks: readonly string[] }
  | { readonly type: 'declined'; readonly stacks: readonly string[]; readonly ends?: readonly StackEnd[] }
  | { readonly type: 'done'; readonly ends: readonly StackEnd[] }

/** One story out of steps that build on each other. */
export function joinOutcomes(steps: readonly Outcome[]): Outcome {
  const ends = steps.flatMap((step) => (step.type === 'done' ? step.ends : []))
  const declined = steps.find((step) => step.type === 'declined')
  if (declined !== undefined) return ends.length === 0 ? declined : { ...declined, ends }
  if (ends.length > 0) return { type: 'done', ends }
  return { type: 'unchanged', stacks: steps.flatMap((step) => (step.type === 'unchanged' ? step.stacks : [])) }
}
