import { stackType, type StackEvent } from './events.ts'
import { plainReason } from './first-cause.ts'
import { healthOf, type StackState } from './state.ts'

/** What helps a stack, by its status. */
export type Remedy =
  /** Its roll-back failed: CloudFormation is asked to go on with it. */
  | 'continue rollback'
  /** An update failed and was left so: CloudFormation is asked to roll it back. */
  | 'roll back'
  /** Its deletion failed: it is deleted again. */
  | 'delete again'
  /** Its creation failed: nothing in it ever worked, and it can only go. */
  | 'clear away'
  /** A roll-back or a deletion is under way: its end is waited for. */
  | 'monitor'
  /** It waits for a person, but no request of ours helps. */
  | 'unknown'
  | 'nothing'

export function remedyFor(status: string): Remedy {
  switch (status) {
    case 'UPDATE_ROLLBACK_FAILED':
      return 'continue rollback'
    case 'UPDATE_FAILED':
      return 'roll back'
    case 'DELETE_FAILED':
      return 'delete again'
    case 'UPDATE_ROLLBACK_IN_PROGRESS':
    case 'DELETE_IN_PROGRESS':
      return 'monitor'
  }
  const health = healthOf(status)
  return health === 'createFailed' ? 'clear away' : health === 'needsRecovery' ? 'unknown' : 'nothing'
}

/** A resource that stands in the way, under the name that SKIP takes. */
export type FailedResource = {
  readonly name: string
  readonly type: string
  readonly physicalId: string
  /** Empty: CloudFormation says nothing of it. */
  readonly why: string
}

/** A stack that needs something, and what was found out about it. */
export type Case = {
  readonly state: StackState
  readonly remedy: Exclude<Remedy, 'nothing' | 'unknown'>
  /** What failed first, in CloudFormation's words. */
  readonly cause: string | undefined
  readonly failed: readonly FailedResource[]
  /** Those of the failed that a person said are to be left alone. */
  readonly skipped: readonly FailedResource[]
}

/** The status of a resource that stands in the way of a remedy. */
export const failedStatus = (remedy: Remedy): string =>
  remedy === 'delete again' ? 'DELETE_FAILED' : remedy === 'continue rollback' ? 'UPDATE_FAILED' : '_FAILED'

/** Why a resource failed the last time; events stand oldest first. */
export const whyFailed = (logicalId: string, events: readonly StackEvent[]): string => {
  const last = events.findLast(
    (event) => event.logicalId === logicalId && event.status.endsWith('_FAILED') && event.reason !== undefined,
  )
  return last?.reason === undefined ? '' : plainReason(last.reason)
}

/** The name of a nested stack, which is a resource of its parent; undefined: the resource is no stack. */
export const nestedName = ({ type, physicalId }: Pick<FailedResource, 'type' | 'physicalId'>): string | undefined =>
  type === stackType ? /:stack\/([^/]+)\//.exec(physicalId)?.[1] : undefined

/** The names in SKIP=A,B; a resource of a nested stack is called as CloudFormation calls it, NESTED-STACK.RESOURCE. */
export const skipNames = (skip: string | undefined): readonly string[] => [
  ...new Set((skip ?? '').split(',').filter((name) => name !== '')),
]

/**
 * What is wrong with the names that a person gave, each a sentence. CloudFormation skips resources only while it goes on
 * with a roll-back, and keeps them only in a second deletion, where it takes no names of nested stacks.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
 */
export function skipFaults(names: readonly string[], cases: readonly Case[]): readonly string[] {
  const able = cases.filter(({ remedy }) => remedy === 'continue rollback' || remedy === 'delete again')
  const takes = able.flatMap(({ remedy, failed }) =>
    failed.filter(({ name }) => remedy === 'continue rollback' || !name.includes('.')).map(({ name }) => name),
  )
  return names
    .filter((name) => !takes.includes(name))
    .map((name) =>
      able.length === 0
        ? `${name} cannot be left alone: ${cases.map(({ state }) => `${state.name} is ${state.status}`).join(', ')}`
        : `${name} is none of the resources that failed, which are ${takes.join(', ') || 'not told'}`,
    )
}
