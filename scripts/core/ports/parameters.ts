export type Parameters = {
  readonly get: (name: string) => Promise<string | undefined>
  readonly put: (name: string, value: string, tags: Readonly<Record<string, string>>) => Promise<void>
  /** Names under a path, each with its value. */
  readonly values: (path: string) => Promise<ReadonlyMap<string, string>>
  /** Names under a path. */
  readonly list: (path: string) => Promise<string[]>
  readonly remove: (names: readonly string[]) => Promise<void>
}
