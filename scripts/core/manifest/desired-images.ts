/** Which images are to be published, and where. In the root of the checkout; it may be missing. */
export const desiredFile = 'manifests/images.yaml'

/** Another account: one that publishes, if it has a role and regions; one that images are shared with, in any case. */
export type Account = {
  readonly account: string
  readonly role?: string
  readonly externalId?: string
  readonly regions?: readonly string[]
}

/** Regions that are done before others are begun. Those that no wave names come last. */
export type Wave = {
  readonly regions: readonly string[]
  /** Minutes from the newest copy of the wave on before the next wave begins. */
  readonly pause: number
  /** A CloudWatch alarm in the wave's regions: while it goes off, no other wave begins. */
  readonly alarm?: string
}

export type DesiredImage = {
  readonly name: string
  readonly aliases: readonly string[]
  readonly architectures: readonly string[]
  /** Who publishes, by its name below accounts; undefined: the riglet's own account. */
  readonly account?: string
  /** undefined: those of the account; of the riglet's own, the riglet's region alone. */
  readonly regions?: readonly string[]
  readonly public: boolean
  /** Accounts by their names, and ARNs of organizations and their units. */
  readonly shareWith: readonly string[]
  /** Under the riglet's own key of each region, or not at all. */
  readonly encryption: boolean
  /** Days after publication; null: never. */
  readonly deprecation: number | null
  readonly tags: Readonly<Record<string, string>>
  readonly waves: readonly Wave[]
}

/** What images.yaml says, defaults filled in. */
export type Desired = {
  readonly accounts: Readonly<Record<string, Account>>
  readonly images: Readonly<Record<string, DesiredImage>>
}

/** Old name of a use case -> the image that it is now. */
export const aliasesOf = ({ images }: Pick<Desired, 'images'>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.values(images).flatMap(({ name, aliases }) => aliases.map((alias) => [alias, name])))
