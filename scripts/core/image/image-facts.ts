/** An AMI as EC2 tells it. */
export type ImageFacts = {
  readonly id: string
  readonly name: string
  /** available, pending, failed, deregistered, ... */
  readonly state: string
  readonly architecture: string
  /** Whose it is, and where it lies: the same image has another id in each. */
  readonly account: string
  readonly region: string
  readonly snapshots: readonly string[]
  /** Those of its snapshots that are encrypted. */
  readonly encrypted?: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  /** What it was copied from, or the image of the machine that it was made of, as EC2 remembers it. */
  readonly source?: { readonly id: string; readonly region: string }
  readonly created: string
  /** Name of the root device, such as /dev/xvda. */
  readonly rootDevice?: string
  /** Everybody may use it. */
  readonly public?: boolean
  /** Cannot be deregistered. */
  readonly protected?: boolean
  /** Until when it cannot be, though the protection was lifted. */
  readonly protectedUntil?: string
  /** When it is deprecated, in UTC. */
  readonly deprecation?: string
  /** Why it failed. */
  readonly reason?: string
}

/**
 * Why an image is not encrypted as images.yaml wants it to be, which never changes, and what is; undefined: it is. `image`: the
 * folder under packer/ that it is made of.
 */
export function encryptionFault(
  { id, snapshots, encrypted = [] }: Pick<ImageFacts, 'id' | 'snapshots' | 'encrypted'>,
  desired: boolean,
  image: string,
): string | undefined {
  const bare = snapshots.some((snapshot) => !encrypted.includes(snapshot))
  if (desired ? !bare : encrypted.length === 0) return undefined
  return desired
    ? `${id} is not encrypted, and images.yaml wants it to be; one that is baked anew is: make bake IMAGE=${image}`
    : `${id} is encrypted, and images.yaml wants it not to be; one that is baked anew is not: make bake IMAGE=${image}`
}

/**
 * The commit that an image was made of. Each of riglet's carries it as Commit, and under COMMIT_TAG once more; one that
 * others made may have the latter alone.
 */
export const commitOf = (tags: Readonly<Record<string, string>>, commitTag = 'Commit'): string | undefined =>
  tags[commitTag] ?? tags['Commit']

/** `ami-0b7 (1.4.3, 4d1a90b)`: version and commit, as far as its tags tell them. */
export function describeImage(id: string, image: ImageFacts | undefined, commitTag = 'Commit'): string {
  const tags = image?.tags ?? {}
  const words = [tags['Version'], commitOf(tags, commitTag)?.slice(0, 7)].filter((word) => word !== undefined)
  return words.length === 0 ? id : `${id} (${words.join(', ')})`
}
