/** An AMI as EC2 tells it. */
export type ImageFacts = {
  readonly id: string
  readonly name: string
  /** available, pending, failed, deregistered, ... */
  readonly state: string
  readonly architecture: string
  readonly owner: string
  readonly snapshots: readonly string[]
  /** Those of its snapshots that are encrypted. */
  readonly encrypted?: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  readonly created: string
  /** Name of the root device, such as /dev/xvda. */
  readonly rootDevice?: string
}

/** `ami-0b7 (1.4.3, 4d1a90b)`: version and commit, as far as its tags tell them. */
export function describeImage(id: string, image: ImageFacts | undefined, commitTag = 'Commit'): string {
  const words = [image?.tags['Version'], image?.tags[commitTag]?.slice(0, 7)].filter((word) => word !== undefined)
  return words.length === 0 ? id : `${id} (${words.join(', ')})`
}
