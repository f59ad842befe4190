import { interrupted } from '../../scripts/core/errors.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { onEachCall } from './on-each-call.ts'

/**
 * Ports of which each call on EC2, on parameters and on pipelines counts; after `last` calls none is answered any more,
 * though the last one was done, as when a process is killed.
 */
export function cutOff(ports: Ports, last: number): { readonly ports: Ports; readonly count: () => number } {
  let count = 0
  const counting = onEachCall(ports, async (call) => {
    if (count >= last) throw interrupted()
    count += 1
    const answer = await call()
    if (count >= last) throw interrupted()
    return answer
  })
  return { ports: counting, count: () => count }
}
