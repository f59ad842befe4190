import { interrupted } from '../../scripts/core/errors.ts'
import type { Ports, Regional } from '../../scripts/core/ports/ports.ts'

const counted = ['images', 'publishing', 'imageUses', 'retirement', 'parameters'] as const

/**
 * Ports of which each call on EC2, on parameters and on pipelines counts; after `last` calls none is answered any more,
 * though the last one was done, as when a process is killed.
 */
export function cutOff(ports: Ports, last: number): { readonly ports: Ports; readonly count: () => number } {
  let count = 0
  const counting = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get:
        (target, name) =>
        async (...args: unknown[]) => {
          if (count >= last) throw interrupted()
          count += 1
          const answer = await (target as Record<PropertyKey, (...all: unknown[]) => unknown>)[name]!(...args)
          if (count >= last) throw interrupted()
          return answer
        },
    })
  const region = <Some extends Partial<Regional>>(there: Some): Some => ({
    ...there,
    ...Object.fromEntries(
      counted.flatMap((name) => {
        const port = there[name]
        return port === undefined ? [] : [[name, counting(port)]]
      }),
    ),
  })
  const pipelines = ports.pipelines === undefined ? {} : { pipelines: counting(ports.pipelines) }
  return { ports: { ...region(ports), ...pipelines, at: (target) => region(ports.at(target)) }, count: () => count }
}
