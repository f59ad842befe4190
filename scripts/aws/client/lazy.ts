/**
 * A port that is loaded when it is first used: importing one SDK client takes longer than a whole `make help`.
 * Every function of the port must return a promise.
 */
export function lazy<Port extends object>(load: () => Promise<Port>): Port {
  let loaded: Promise<Port> | undefined
  return new Proxy({} as Port, {
    get: (_, name) =>
      name === 'then'
        ? undefined
        : async (...args: unknown[]): Promise<unknown> => {
            loaded ??= load()
            const port = (await loaded) as Record<PropertyKey, (...args: unknown[]) => Promise<unknown>>
            return port[name]!(...args)
          },
  })
}
