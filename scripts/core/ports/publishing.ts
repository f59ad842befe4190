/** What makes an image of ours another account's, or another region's, too. */
export type Publishing = {
  /**
   * Asks for a copy here of an image that lies elsewhere; answers its id at once, while it is still pending. The same token
   * asks for the same copy.
   */
  readonly copy: (order: CopyOrder) => Promise<string>
  /** Who may launch from an image: account ids, and ARNs of organizations and their units. */
  readonly sharedWith: (image: string) => Promise<readonly string[]>
  /** Images of ours that an account was let in to by its number; through an organization, nobody tells. */
  readonly idsSharedWith: (account: string) => Promise<readonly string[]>
  readonly share: (image: string, consumers: readonly string[]) => Promise<void>
  /** Lets them launch from it no more; `all` is everybody. Whoever has no such right stays without one. */
  readonly withdraw: (image: string, consumers: readonly string[]) => Promise<void>
  readonly makePublic: (image: string) => Promise<void>
  /** Whether the account refuses to make images public in this region. */
  readonly publicBlocked: () => Promise<boolean>
  /** Accounts that may read a snapshot, as whoever copies an image of it must. */
  readonly readersOf: (snapshot: string) => Promise<readonly string[]>
  readonly letRead: (snapshot: string, account: string) => Promise<void>
  /** Lets it be launched from again after it was disabled; its permissions do not come back. */
  readonly enable: (image: string) => Promise<void>
  /** `ids`: images, snapshots, whatever EC2 has. */
  readonly tag: (ids: readonly string[], tags: Readonly<Record<string, string>>) => Promise<void>
  /** Whatever values they have. */
  readonly untag: (ids: readonly string[], keys: readonly string[]) => Promise<void>
  /** A time in UTC; null: not any more. */
  readonly deprecate: (image: string, at: string | null) => Promise<void>
  /** From being deregistered; without a cooldown, which would hold for a day after it is lifted. */
  readonly protect: (image: string) => Promise<void>
}

export type CopyOrder = {
  readonly name: string
  readonly source: { readonly id: string; readonly region: string }
  /** Of the image and of its snapshots. */
  readonly tags: Readonly<Record<string, string>>
  /** undefined: as the source is. */
  readonly key: string | undefined
  readonly token: string
}
