import type { Ports, Regional } from '../../scripts/core/ports/ports.ts'

const changing = ['images', 'publishing', 'imageUses', 'retirement', 'parameters'] as const

/** Ports of which each call on EC2, on parameters and on pipelines goes through `around`, which makes it by itself. */
export function onEachCall(ports: Ports, around: (call: () => Promise<unknown>) => Promise<unknown>): Ports {
  const through = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get:
        (target, name) =>
        (...args: unknown[]) =>
          around(() => (target as Record<PropertyKey, (...all: unknown[]) => Promise<unknown>>)[name]!(...args)),
    })
  const region = <Some extends Partial<Regional>>(there: Some): Some => ({
    ...there,
    ...Object.fromEntries(
      changing.flatMap((name) => {
        const port = there[name]
        return port === undefined ? [] : [[name, through(port)]]
      }),
    ),
  })
  const pipelines = ports.pipelines === undefined ? {} : { pipelines: through(ports.pipelines) }
  return { ...region(ports), ...pipelines, at: (target) => region(ports.at(target)) }
}
