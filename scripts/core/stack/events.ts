/** One line of a stack's story. */
export type StackEvent = {
  readonly id: string
  readonly time: Date
  readonly logicalId: string
  readonly physicalId?: string | undefined
  readonly resourceType: string
  readonly status: string
  readonly reason?: string | undefined
  readonly token?: string | undefined
}

export const stackType = 'AWS::CloudFormation::Stack'

/** An event of the stack itself, not of a resource in it. */
export const isOfStack = (event: StackEvent, stackId: string): boolean =>
  event.resourceType === stackType && event.physicalId === stackId

/** The event with which a roll-back begins that somebody asked for: it carries the token of that request. */
export const beginsRollback = (event: StackEvent, stackId: string, token: string): boolean =>
  isOfStack(event, stackId) && event.status.endsWith('ROLLBACK_IN_PROGRESS') && event.token === token

/** The event with which an operation begins; roll-backs and clean-ups belong to the operation that they end. */
export const begins = (event: StackEvent, stackId: string): boolean =>
  isOfStack(event, stackId) &&
  [
    'CREATE_IN_PROGRESS',
    'UPDATE_IN_PROGRESS',
    'DELETE_IN_PROGRESS',
    'IMPORT_IN_PROGRESS',
    'REVIEW_IN_PROGRESS',
  ].includes(event.status)
