import type { Feed } from '../feeds/feed.ts'
import type { Consumer } from './consumer.ts'

/** Which images are to be published, and where. In the root of the checkout; it may be missing. */
export const desiredFile = 'manifests/images.yaml'

/** Another account: one that publishes, if it has a role and regions; one that images are shared with, in any case. */
export type Account = {
  readonly account: string
  readonly role?: string
  readonly externalId?: string
  readonly regions?: readonly string[]
  /** What images are tagged with that are shared with it. */
  readonly tags?: Readonly<Record<string, string>>
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
  /** Where versions come from that it is made of, one image each. */
  readonly feed?: Feed
}

/** Images that are shared as they are, without a copy, by their names and tags. */
export type DesiredShare = {
  readonly name: string
  /** Whose images they are, by its name below accounts; undefined: the riglet's own account's. */
  readonly from?: string
  /** Both have to fit: the name to a regular expression, and each tag to its value. */
  readonly match: { readonly name?: string; readonly tags: Readonly<Record<string, string>> }
  /** undefined: those of the account that the images are of; of the riglet's own, the riglet's region alone. */
  readonly regions?: readonly string[]
  /** Accounts by their names. */
  readonly with: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

/** What images.yaml says, defaults filled in. */
export type Desired = {
  readonly accounts: Readonly<Record<string, Account>>
  /** Roles of the riglet's account that the others let in, with their paths. */
  readonly trusted: readonly string[]
  readonly images: Readonly<Record<string, DesiredImage>>
  readonly shares: Readonly<Record<string, DesiredShare>>
  /** Who is told of what is published, by a request to its repository. */
  readonly consumer?: Consumer
}

export const nothingDesired: Desired = { accounts: {}, trusted: [], images: {}, shares: {} }

/** Old name of a use case -> the image that it is now. */
export const aliasesOf = ({ images }: Pick<Desired, 'images'>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.values(images).flatMap(({ name, aliases }) => aliases.map((alias) => [alias, name])))
