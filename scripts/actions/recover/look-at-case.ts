import { stackType } from '../../core/stack/events.ts'
import { firstCause } from '../../core/stack/first-cause.ts'
import { noRemedy } from '../../core/stack/recovery-errors.ts'
import {
  failedStatus,
  nestedName,
  remedyFor,
  whyFailed,
  type Case,
  type FailedResource,
  type Remedy,
} from '../../core/stack/recovery.ts'
import type { StackState } from '../../core/stack/state.ts'
import type { Ports } from '../../core/ports/ports.ts'

/**
 * What a stack needs, and why; undefined where it needs nothing. `skip`: names that a person gave.
 * @throws RigletError STACK_BROKEN when it waits for a person, and no request of ours helps
 */
export async function lookAtCase(
  state: StackState,
  skip: readonly string[],
  ports: Pick<Ports, 'stacks'>,
): Promise<Case | undefined> {
  const remedy = remedyFor(state.status)
  if (remedy === 'nothing') return undefined
  if (remedy === 'unknown') throw noRemedy(state.name, state.status, state.statusReason)
  if (remedy === 'monitor') return { state, remedy, cause: undefined, failed: [], skipped: [] }
  const events = await ports.stacks.events(state.id, { type: 'latest' })
  const failed = await failedIn(state.id, remedy, '', events, ports)
  return {
    state,
    remedy,
    cause: firstCause(events, state.id) ?? state.statusReason,
    failed,
    skipped: failed.filter(({ name }) => skip.includes(name)),
  }
}

type Events = Awaited<ReturnType<Ports['stacks']['events']>>

/** Those of nested stacks, too, which CloudFormation's list of a stack leaves out. */
async function failedIn(
  stack: string,
  remedy: Remedy,
  prefix: string,
  events: Events,
  ports: Pick<Ports, 'stacks'>,
): Promise<readonly FailedResource[]> {
  const resources = await ports.stacks.resources(stack)
  const found = await Promise.all(
    resources
      .filter(({ status }) => status.endsWith(failedStatus(remedy)))
      .map(async ({ logicalId, physicalId, type }): Promise<readonly FailedResource[]> => {
        const own = { name: `${prefix}${logicalId}`, type, physicalId, why: whyFailed(logicalId, events) }
        const nested = nestedName({ type, physicalId })
        if (type !== stackType || nested === undefined) return [own]
        const below = await ports.stacks.events(physicalId, { type: 'latest' })
        return [own, ...(await failedIn(physicalId, remedy, `${nested}.`, below, ports))]
      }),
  )
  return found.flat()
}
