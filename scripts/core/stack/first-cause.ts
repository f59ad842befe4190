import { isOfStack, type StackEvent } from './events.ts'

/** What failed only because something else had failed. */
const isConsequence = (reason = ''): boolean =>
  /^Resource (?:creation|update|deletion|import) cancelled/i.test(reason) || /\bcancelled\b.*\brollback\b/i.test(reason)

/** A handler's words without what CloudFormation wraps them in, on one line. */
export const plainReason = (reason: string): string =>
  reason
    .replace(/\s+/g, ' ')
    .replace(/^Resource handler returned message: "(.*)" \(RequestToken: [^)]*\)$/, '$1')
    .replace(/ \(Service: [^)]*Request ID: [^)]*\)/g, '')
    .trim()

/** One line that says which resource failed first, and why; `events` stand oldest first. */
export function firstCause(events: readonly StackEvent[], stackId: string): string | undefined {
  const failures = events.filter(
    (event) => event.status.endsWith('_FAILED') && !isOfStack(event, stackId) && !isConsequence(event.reason),
  )
  const failed = failures[0]
  if (failed !== undefined)
    return `${failed.logicalId} (${failed.resourceType}): ${plainReason(failed.reason ?? failed.status)}`
  const own = events.find(
    (event) => isOfStack(event, stackId) && /ROLLBACK_IN_PROGRESS$|_FAILED$/.test(event.status) && event.reason,
  )
  return own?.reason === undefined ? undefined : plainReason(own.reason)
}
