export type Buckets = {
  /** Names of those that begin so and carry these tags. */
  readonly find: (prefix: string, tags: Readonly<Record<string, string>>) => Promise<string[]>
  /** Deletes every version and delete marker; returns how many. */
  readonly empty: (bucket: string) => Promise<number>
  readonly remove: (bucket: string) => Promise<void>
  readonly get: (bucket: string, key: string) => Promise<string | undefined>
  readonly has: (bucket: string, key: string) => Promise<boolean>
  /** What was put with an object, its newest version or another one; undefined: there is none. */
  readonly metadata: (
    bucket: string,
    key: string,
    version?: string,
  ) => Promise<Readonly<Record<string, string>> | undefined>
  /** Where AWS's services find an object. */
  readonly url: (bucket: string, key: string) => string
  readonly put: (
    bucket: string,
    key: string,
    body: string | { readonly file: string },
    metadata?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly version: string | undefined }>
}
