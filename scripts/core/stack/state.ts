/** A stack as DescribeStacks tells it. */
export type StackState = {
  readonly name: string
  readonly id: string
  readonly status: string
  readonly statusReason?: string | undefined
  readonly parameters: Readonly<Record<string, string>>
  readonly outputs: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  readonly protected: boolean
  /** Id of the change set that it was last changed by. */
  readonly changeSet?: string | undefined
  /** The role that deployed it, and that will delete it. */
  readonly role?: string | undefined
  readonly created: Date
  readonly updated?: Date | undefined
}

/**
 * What a status means for whoever wants to change the stack.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html#cfn-console-add-tags-status-codes
 */
export type Health =
  /** May be updated. */
  | 'ready'
  /** Something is under way. */
  | 'busy'
  /** Only a change set, no resource yet: it does not count as existing. */
  | 'empty'
  /** Its creation failed: it never worked, and can only be deleted. */
  | 'createFailed'
  /** Its roll-back failed: it must be continued or deleted by a person. */
  | 'needsRecovery'
  | 'gone'

export function healthOf(status: string): Health {
  if (status === 'REVIEW_IN_PROGRESS') return 'empty'
  if (status.endsWith('_IN_PROGRESS')) return 'busy'
  if (status === 'DELETE_COMPLETE') return 'gone'
  if (['ROLLBACK_COMPLETE', 'CREATE_FAILED', 'ROLLBACK_FAILED'].includes(status)) return 'createFailed'
  if (['UPDATE_ROLLBACK_FAILED', 'DELETE_FAILED', 'UPDATE_FAILED', 'IMPORT_ROLLBACK_FAILED'].includes(status))
    return 'needsRecovery'
  return 'ready'
}

export const isTerminal = (status: string): boolean => !status.endsWith('_IN_PROGRESS')

/** Whether an operation that ended so did what was asked. */
export const isSuccess = (status: string): boolean =>
  ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_COMPLETE', 'IMPORT_COMPLETE'].includes(status)

export const exists = (state: StackState | undefined): state is StackState =>
  state !== undefined && !['empty', 'gone'].includes(healthOf(state.status))
