import type { ImageFacts } from '../image/image-facts.ts'
import { imageName, rigletName, type Riglet } from '../names.ts'
import type { DesiredImage } from '../manifest/desired-images.ts'
import type { Place } from './place.ts'
import type { KeySeen } from './preflight.ts'

/** A candidate of one architecture as it is to be at one place. */
export type DesiredReplica = {
  readonly image: DesiredImage
  readonly candidate: ImageFacts
  readonly place: Place
  /** AMI names are unique in an account and region: by it a copy is found again. */
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
  /** Alias of the key that it is to be encrypted under. */
  readonly key: string | undefined
  /** Account ids, and ARNs of organizations and their units. */
  readonly consumers: readonly string[]
}

/** What EC2 holds at a place. */
export type Held = ImageFacts & {
  /** Who may use it: account ids, and ARNs; everybody is `public`. Empty where nobody asked. */
  readonly sharedWith?: readonly string[]
}

/** What could be read at a place. What was not read is never taken as absent. */
export type Seen =
  | {
      readonly type: 'seen'
      readonly held: readonly Held[]
      /** The key that copies are encrypted under; undefined: there is none of that name, or none is needed. */
      readonly key?: { readonly arn: string; readonly state: string } | undefined
      /** Who may use that key; asked only before a copy for others is made. */
      readonly keyUse?: KeySeen | undefined
      /** Encrypted snapshot -> ARN of its key. */
      readonly snapshotKeys: ReadonlyMap<string, string>
      /** The account refuses to make images public here. */
      readonly publicBlocked: boolean
    }
  | { readonly type: 'unchecked'; readonly why: string }

/** Tags by which builders' leftovers are found, and the candidate's own name. */
const ownTags = ['Name', 'Builder', 'BuiltFor', 'Build']

/** The tag that says when an image was published; by it a deprecation counts, in all regions alike. */
export const publishedTag = 'Published'

export function desiredReplica(
  riglet: Riglet,
  image: DesiredImage,
  candidate: ImageFacts,
  place: Place,
  consumers: readonly string[],
): DesiredReplica {
  const name = imageName.published(riglet, image.name, candidate.tags['Version'] ?? '', candidate.tags['Inputs'] ?? '')
  const carried = Object.entries(candidate.tags).filter(([key]) => !ownTags.includes(key) && !key.startsWith('aws:'))
  const copied = { ...Object.fromEntries(carried), Name: name, CandidateImageId: candidate.id }
  return {
    image,
    candidate,
    place,
    name,
    tags: { ...(place.home ? {} : copied), ...image.tags },
    key: image.encryption ? `alias/${rigletName(riglet)}` : undefined,
    consumers,
  }
}

/** The image that stands for a replica at its place. */
export const heldOf = ({ place, candidate, name }: DesiredReplica, held: readonly Held[]): Held | undefined =>
  held.find((one) => (place.home ? one.id === candidate.id : one.name === name))
