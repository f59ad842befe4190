import type { Operation, StackEnd } from '../core/stack/outcome.ts'
import { aftermath } from '../core/stack/outcome.ts'
import { isOfStack, type StackEvent } from '../core/stack/events.ts'
import { plainReason } from '../core/stack/first-cause.ts'
import { finished, underWay, type StackProgress } from '../core/stack/progress.ts'
import { duration, pad, resourceWords, shorten } from './text.ts'

const doing: Readonly<Record<Operation, string>> = {
  create: 'creating',
  update: 'updating',
  delete: 'deleting',
  rollback: 'ROLLING BACK',
}
const did: Readonly<Record<Operation, string>> = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  rollback: 'rolled back',
}

const verbs: Readonly<Record<string, string>> = {
  CREATE_COMPLETE: 'created',
  UPDATE_COMPLETE: 'updated',
  DELETE_COMPLETE: 'deleted',
  DELETE_SKIPPED: 'kept',
  IMPORT_COMPLETE: 'imported',
}

/** A line for each resource that is done or that failed; what merely began shows in the live block. */
export function eventLine(title: string, event: StackEvent, stackId: string): string | undefined {
  const failed = event.status.endsWith('_FAILED')
  const reason = event.reason === undefined ? undefined : plainReason(event.reason)
  if (isOfStack(event, stackId))
    return /ROLLBACK_IN_PROGRESS$/.test(event.status) ? `${title}: ROLLING BACK. ${reason ?? ''}`.trimEnd() : undefined
  const who = `${event.logicalId} (${resourceWords(event.resourceType)})`
  if (failed) return `! ${title}  FAILED   ${who}: ${reason ?? event.status}`
  const word = verbs[event.status]
  return word === undefined ? undefined : `  ${title}  ${pad(word, 8)} ${who}`
}

export type Monitored = {
  readonly title: string
  readonly operation: Operation
  /** How many resources it is about, when that is known. */
  readonly total: number | undefined
  readonly progress: StackProgress
}

const most = 6

/** The live block: a line for each stack, below it the resources that are being worked on. */
export function progressBlock(stacks: readonly Monitored[], now: Date, columns: number): string[] {
  return stacks.flatMap(({ title, operation, total, progress }) => {
    const done = finished(progress)
    const rolling = progress.status?.includes('ROLLBACK') ?? false
    const word = progress.ended ? (progress.status ?? '') : rolling ? 'ROLLING BACK' : doing[operation]
    const count = total === undefined ? `${done} done` : `${Math.min(done, total)} of ${total}`
    const time = duration((progress.ended ?? now).getTime() - (progress.began ?? now).getTime())
    const working = progress.ended ? [] : underWay(progress)
    const lines = working
      .slice(0, most)
      .map(
        ({ logicalId, resourceType, since }) =>
          `    ${pad(shorten(logicalId, 26), 26)}  ${pad(resourceWords(resourceType).slice(0, 24), 24)}  ${duration(now.getTime() - since.getTime())}`,
      )
    const rest = working.length > most ? [`    and ${working.length - most} more`] : []
    return [`  ${title}  ${word}  ${count}  ${time}`, ...lines, ...rest].map((line) => line.slice(0, columns - 1))
  })
}

/** How a stack's operation ended: for a failure the first cause first, and what is left, in one line. */
export const endLine = (title: string, end: StackEnd): string =>
  end.type === 'done'
    ? `${title}: ${did[end.operation]}`
    : `${title} was not ${did[end.operation]}: ${end.cause.replace(/\.$/, '')}; ${aftermath(end.status)}`
