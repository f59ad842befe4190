/** How images of this account leave. */
export type Retirement = {
  /** Nobody can launch from it any more, and it is shared with nobody; its owner can enable it again. */
  readonly disable: (image: string) => Promise<void>
  /** Lifts the protection from being deregistered; one with a cooldown holds for another day. */
  readonly unprotect: (image: string) => Promise<void>
  /** Deregisters it and deletes those of its snapshots that no other image uses. What is gone already is done. */
  readonly deregister: (image: string) => Promise<void>
  /** Snapshots of this account with these tags. */
  readonly snapshots: (tags: Readonly<Record<string, string>>) => Promise<readonly SnapshotFacts[]>
}

export type SnapshotFacts = {
  readonly id: string
  readonly tags: Readonly<Record<string, string>>
  /** When it was begun, in milliseconds since 1970. */
  readonly begun: number
}
