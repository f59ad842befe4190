import { heldOf, publishedTag, type DesiredReplica, type Held, type Seen } from './replica.ts'
import { missingTags, planReplica, type ReplicaPlan } from './plan-replica.ts'
import type { Step } from './step.ts'

const minute = 60_000
const day = 24 * 60 * minute

/** AWS deprecates a public image after two years by itself, and takes no later time.
 *  https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableImageDeprecation.html */
const mostDaysPublic = 730

/** To the minute, as EC2 keeps them: 2026-12-24T18:00:00Z. */
export const utc = (time: number): string =>
  new Date(Math.floor(time / minute) * minute).toISOString().replace('.000', '')

/**
 * When an image was first published: the earliest that any of its replicas says, or else now. EC2's tags are the only
 * ledger, and all regions are to agree.
 */
export function publicationTime(plans: readonly { readonly held: Held | undefined }[], now: Date): string {
  const told = plans.flatMap(({ held }) => {
    const tag = held?.tags[publishedTag]
    return tag !== undefined && !Number.isNaN(Date.parse(tag)) ? [tag] : []
  })
  return told.toSorted()[0] ?? utc(now.getTime())
}

/**
 * What has to happen so that a replica is published as images.yaml says (G15): protected, tagged, deprecated in time, and
 * only then shown to anybody. Where nothing has to, it is read as it should be (B03).
 */
export function planPublication(replica: DesiredReplica, seen: Seen, published: string, now: Date): ReplicaPlan {
  const plan = planReplica(replica, seen)
  if (seen.type === 'unchecked' || plan.faults.length > 0) return plan
  const held = heldOf(replica, seen.held)
  if (held?.state !== 'available')
    return { ...plan, steps: [], faults: ['it is not replicated here yet: make replicate IMAGE=' + replica.image.name] }
  const { image, consumers } = replica
  if (image.public && held.public !== true && seen.publicBlocked)
    return { ...plan, steps: [], faults: [blocked(replica)] }
  const tags = missingTags(held.tags, { ...replica.tags, [publishedTag]: published })
  const strangers = consumers.filter((who) => held.sharedWith?.includes(who) !== true)
  const steps: readonly (Step | undefined)[] = [
    held.protected === true ? undefined : { type: 'protect' },
    Object.keys(tags).length === 0 ? undefined : { type: 'tag', tags },
    deprecation(replica, held, published, now),
    strangers.length === 0 ? undefined : { type: 'share', with: strangers },
    image.public && held.public !== true ? { type: 'open' } : undefined,
  ]
  return { ...plan, steps: steps.filter((step) => step !== undefined), notes: extras(replica, held) }
}

function deprecation(
  { image }: DesiredReplica,
  held: Held,
  published: string,
  now: Date,
): Extract<Step, { type: 'deprecate' }> | undefined {
  const due = image.deprecation === null ? null : Date.parse(published) + image.deprecation * day
  return deprecationAt(due, image, held, now)
}

/** What is missing so that an image is deprecated at a time, in milliseconds since 1970; null: never. */
export function deprecationAt(
  due: number | null,
  image: Pick<DesiredReplica['image'], 'public'>,
  held: Held,
  now: Date,
): Extract<Step, { type: 'deprecate' }> | undefined {
  const is = held.deprecation === undefined ? undefined : Date.parse(held.deprecation)
  // What AWS sets of public images by itself stays.
  if (due === null) return is === undefined || image.public ? undefined : { type: 'deprecate', at: null }
  const latest = image.public ? Date.parse(held.created) + mostDaysPublic * day : due
  const desired = Math.min(due, latest)
  // No time may lie in the past; what is deprecated already is so.
  const soon = now.getTime() + 5 * minute
  if (is !== undefined && (Math.abs(is - desired) <= minute || (desired < soon && is < soon))) return undefined
  return { type: 'deprecate', at: utc(Math.max(desired, now.getTime() + 2 * minute)) }
}

export const blocked = ({ place }: DesiredReplica): string =>
  `${place.title} blocks public sharing of images, for the whole account there. If that is not meant, ` +
  `let it go, and publish again: aws ec2 disable-image-block-public-access --region ${place.region}`

/** What takes it back; organizations are taken back by hand. */
const unshareOf = (who: string): string => (/^\d{12}$/.test(who) ? `: make unshare NAME=${who}` : '')

/** Taking something back is not done in passing: it would be a surprise. */
export const extras = ({ image, consumers }: DesiredReplica, held: Held): readonly string[] => [
  ...(held.public === true && !image.public ? [`${held.id} is public, and images.yaml does not say so`] : []),
  ...(held.sharedWith ?? [])
    .filter((who) => !consumers.includes(who))
    .map((who) => `${held.id} is shared with ${who}, whom images.yaml does not name${unshareOf(who)}`),
]
