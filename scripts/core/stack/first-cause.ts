import { isOfStack, type StackEvent } from './events.ts'

/** What failed only because something else had failed. */
const isConsequence = (reason = ''): boolean =>
  /^Resource (?:creation|update|deletion|import) cancelled/i.test(reason) || /\bcancelled\b.*\brollback\b/i.test(reason)

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** One line that says which resource failed first, and why; `events` stand oldest first. */
export function firstCause(events: readonly StackEvent[], stackId: string): string | undefined {
  const failures = events.filter(
    (event) => event.status.endsWith('_FAILED') && !isOfStack(event, stackId) && !isConsequence(event.reason),
  )
  const failed = failures[0]
  if (failed !== undefined)
    return oneLine(`${failed.logicalId} (${failed.resourceType}): ${failed.reason ?? failed.status}`)
  const own = events.find(
    (event) => isOfStack(event, stackId) && /ROLLBACK_IN_PROGRESS$|_FAILED$/.test(event.status) && event.reason,
  )
  return own?.reason === undefined ? undefined : oneLine(own.reason)
}
