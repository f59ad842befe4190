import { isOfStack, type StackEvent } from './events.ts'
import { isTerminal } from './state.ts'

export type ResourceProgress = {
  readonly logicalId: string
  readonly resourceType: string
  readonly status: string
  /** When its present status began. */
  readonly since: Date
}

/** How far an operation is, from its events so far. */
export type StackProgress = {
  /** Absent until the operation has begun. */
  readonly status?: string | undefined
  readonly began?: Date | undefined
  readonly ended?: Date | undefined
  readonly resources: ReadonlyMap<string, ResourceProgress>
}

export const noProgress: StackProgress = { resources: new Map() }

/** `events` are new ones, oldest first. */
export function advance(progress: StackProgress, events: readonly StackEvent[], stackId: string): StackProgress {
  const resources = new Map(progress.resources)
  let { status, began, ended } = progress
  for (const event of events) {
    if (isOfStack(event, stackId)) {
      status = event.status
      began ??= event.time
      ended = isTerminal(event.status) ? event.time : undefined
      continue
    }
    const known = resources.get(event.logicalId)
    resources.set(event.logicalId, {
      logicalId: event.logicalId,
      resourceType: event.resourceType,
      status: event.status,
      since: known?.status === event.status ? known.since : event.time,
    })
  }
  return { status, began, ended, resources }
}

export const isDone = (progress: StackProgress): boolean => progress.status !== undefined && isTerminal(progress.status)

export const underWay = (progress: StackProgress): ResourceProgress[] =>
  [...progress.resources.values()].filter(({ status }) => status.endsWith('_IN_PROGRESS'))

export const finished = (progress: StackProgress): number =>
  [...progress.resources.values()].filter(({ status }) => isTerminal(status)).length
