import { missingTags } from '../distribution/plan-replica.ts'
import type { Step } from '../distribution/step.ts'
import type { ImageFacts } from '../image/image-facts.ts'
import { managedTag } from '../manifest/rules.ts'
import { rigletName, type Riglet } from '../names.ts'
import type { Chosen } from './choose-images.ts'

/** What an account that images are shared with holds at one place. */
export type SeenThere =
  | {
      readonly type: 'seen'
      /** Those of the images that it sees, with the tags that it has put on them itself. */
      readonly images: readonly ImageFacts[]
      /** ARN of a key -> why it cannot be used from there; undefined: it can be seen, at least. */
      readonly keys: ReadonlyMap<string, string | undefined>
    }
  | { readonly type: 'unchecked'; readonly why: string }

/** Keys of the account that the images are of. */
export type SourceKeys = {
  /** Encrypted snapshot -> ARN of its key. */
  readonly snapshotKeys: ReadonlyMap<string, string>
  /** The key that AWS manages for EBS there; undefined: there is none yet. */
  readonly managed: string | undefined
}

/** What is to be done about one image for one account. */
export type SharePlan = {
  readonly chosen: Chosen
  readonly steps: readonly Extract<Step, { type: 'share' | 'tag' }>[]
  readonly fault?: string
  readonly unchecked?: string
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
const mostTags = 50

/** The tags of an image where it is shared: its own, the share's, the account's, and whose it is; later ones win (A20). */
export const sharedTags = (
  { image, defaults, consumer }: Chosen,
  riglet: Riglet,
): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(Object.entries(image.tags).filter(([key]) => !key.startsWith('aws:'))),
  ...defaults,
  ...consumer.tags,
  [managedTag]: `riglet ${rigletName(riglet)}`,
})

/**
 * What is missing so that an account has an image with its tags (A06, A07). That it sees the image is what sharing is for, so
 * that is looked at, and not who was let in; image ids are the same on both sides (A08).
 */
export function planShare(chosen: Chosen, keys: SourceKeys, there: SeenThere, riglet: Riglet): SharePlan {
  const fault = managedFault(chosen, keys)
  if (fault !== undefined) return { chosen, steps: [], fault }
  if (there.type === 'unchecked') return { chosen, steps: [], unchecked: there.why }
  const { image, consumer } = chosen
  const closed = closedKey(chosen, keys, there.keys)
  if (closed !== undefined) return { chosen, steps: [], fault: closed }
  const seen = there.images.find(({ id }) => id === image.id)
  const desired = sharedTags(chosen, riglet)
  const count = Object.keys({ ...seen?.tags, ...desired }).length
  if (count > mostTags)
    return { chosen, steps: [], fault: `it would have ${count} tags there, and AWS takes no more than ${mostTags}` }
  const missing = missingTags(seen?.tags ?? {}, desired)
  return {
    chosen,
    steps: [
      ...(seen === undefined ? [{ type: 'share', with: [consumer.account] } as const] : []),
      ...(Object.keys(missing).length > 0 ? [{ type: 'tag', tags: missing } as const] : []),
    ],
  }
}

const keysOf = ({ encrypted = [] }: ImageFacts, { snapshotKeys }: SourceKeys): readonly string[] => [
  ...new Set(encrypted.flatMap((snapshot) => snapshotKeys.get(snapshot) ?? [])),
]

/** The keys that another account needs for an image. */
export const keysToUse = ({ image }: Chosen, keys: SourceKeys): readonly string[] =>
  keysOf(image, keys).filter((arn) => arn !== keys.managed)

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html */
function managedFault({ image }: Chosen, keys: SourceKeys): string | undefined {
  const managed = keys.managed !== undefined && keysOf(image, keys).includes(keys.managed)
  if (!managed) return undefined
  return (
    `${image.id} is encrypted under aws/ebs (${keys.managed}), which AWS manages and no other account can use. ` +
    'Copy it under a key of your own, and share the copy'
  )
}

function closedKey(
  chosen: Chosen,
  keys: SourceKeys,
  usable: ReadonlyMap<string, string | undefined>,
): string | undefined {
  const { image, consumer } = chosen
  const closed = keysToUse(chosen, keys).find((arn) => usable.get(arn) !== undefined)
  if (closed === undefined) return undefined
  return (
    `${image.id} is encrypted under ${closed}, which ${consumer.account} cannot use: ${usable.get(closed)}. ` +
    `The policy of the key has to let ${consumer.account} use it (kms:DescribeKey, Decrypt, ReEncrypt*, ` +
    'GenerateDataKeyWithoutPlaintext, CreateGrant)'
  )
}
