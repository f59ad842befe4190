import type { ImageFacts } from '../image/image-facts.ts'
import type { AwsCliCommand } from './cli.ts'

export type Images = {
  /** Facts of those that exist and that we may see; the others are left out. */
  readonly describe: (ids: readonly string[]) => Promise<ImageFacts[]>
  /** Our own images that carry all these tags. */
  readonly owned: (tags: Readonly<Record<string, string>>) => Promise<ImageFacts[]>
  /** Images that we may use, whoever's they are, on which this account has all these tags. */
  readonly tagged: (tags: Readonly<Record<string, string>>) => Promise<ImageFacts[]>
  /** Our own images of these names, of which there is one each; others' tags do not count. */
  readonly named: (names: readonly string[]) => Promise<ImageFacts[]>
  /** From an image back to the one that had none before it, over those that are gone, too: what each was made of. */
  readonly ancestry: (id: string) => Promise<readonly { readonly id: string; readonly source: string }[]>
  /** Deregisters the image, also where it is protected from that, and deletes its snapshots. */
  readonly remove: (image: ImageFacts) => Promise<void>
  /** Snapshots with these tags, and without one of that name, that no image uses. */
  readonly orphaned: (tags: Readonly<Record<string, string>>, without?: string) => Promise<string[]>
  readonly removeSnapshot: (id: string) => Promise<void>
  /** Encrypted snapshot -> ARN of its key; those that we may not see are left out. */
  readonly snapshotKeys: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** Running or stopped instances with these tags; with `ending` those, too, that are on their way out. */
  readonly instances: (
    tags: Readonly<Record<string, string>>,
    options?: { readonly ending?: boolean },
  ) => Promise<string[]>
  readonly terminate: (ids: readonly string[]) => Promise<void>
  /** Names of the key pairs with these tags. */
  readonly keyPairs: (tags: Readonly<Record<string, string>>) => Promise<string[]>
  readonly removeKeyPair: (name: string) => Promise<void>
  /** Architectures that an instance type can boot; empty when there is no such type. */
  readonly architecturesOf: (instanceType: string) => Promise<string[]>
  readonly awsCliCommand: AwsCliCommand
}
