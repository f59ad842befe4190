import { blocked, deprecationAt, extras, utc } from '../distribution/plan-publication.ts'
import { missingTags, type ReplicaPlan } from '../distribution/plan-replica.ts'
import { consumersOf } from '../distribution/place.ts'
import { publishedTag, type DesiredReplica, type Held, type Seen } from '../distribution/replica.ts'
import type { Step } from '../distribution/step.ts'
import type { Desired } from '../manifest/desired-images.ts'
import { revokedFault } from '../revocation/errors.ts'
import { revocationOf } from '../revocation/revocation.ts'
import type { Claim } from './claims.ts'

/** What the manifest says of one place, and the image as it is to be there. */
export type Restoration = { readonly claim: Claim; readonly replica: DesiredReplica }

/** The image is the one with that id, wherever it lies; whether everybody may use it the manifest tells, too. */
export function restorationOf(claim: Claim, desired: Desired): Restoration {
  const { entry, image, place } = claim
  const candidate = {
    ...{ id: entry.id, name: entry.name, architecture: entry.architecture, region: place.region },
    ...{ state: '', account: '', snapshots: [], tags: {}, created: '' },
  }
  return {
    claim,
    replica: {
      image: { ...image, public: entry.public },
      candidate,
      place: { ...place, home: true },
      name: entry.name,
      tags: image.tags,
      key: undefined,
      consumers: consumersOf(image, desired),
    },
  }
}

/**
 * What has to happen so that an image is published again as the manifest says (G22): enabled, protected, tagged, deprecated at
 * its time, and shared. How it is encrypted never changes, and what has another name is another image.
 */
export function planRestoration({ claim, replica }: Restoration, seen: Seen, now: Date): ReplicaPlan {
  const nothing = { replica, held: undefined, steps: [], faults: [], unchecked: undefined, notes: [] }
  if (seen.type === 'unchecked') return { ...nothing, unchecked: seen.why }
  const { entry, place } = claim
  const held = seen.held.find(({ id }) => id === entry.id)
  const fault = (what: string): ReplicaPlan => ({ ...nothing, held, faults: [`${entry.id} ${what}`] })
  if (held === undefined) return fault('is gone')
  if (held.name !== entry.name || held.architecture !== entry.architecture)
    return fault(
      `is ${held.name} of ${held.architecture}, and the manifest calls it ${entry.name} of ${entry.architecture}`,
    )
  if (!['available', 'disabled'].includes(held.state)) return fault(`is ${held.state}`)
  const revocation = revocationOf(held.tags)
  if (revocation !== undefined) return { ...nothing, held, faults: [revokedFault(held.id, revocation)] }
  if (entry.public && held.public !== true && seen.publicBlocked)
    return { ...nothing, held, faults: [blocked({ ...replica, place })] }
  const tags = missingTags(held.tags, {
    ...replica.tags,
    [publishedTag]: held.tags[publishedTag] ?? utc(now.getTime()),
  })
  const strangers = replica.consumers.filter((who) => held.sharedWith?.includes(who) !== true)
  const due = entry.deprecation_time ? Date.parse(entry.deprecation_time) : null
  const steps: readonly (Step | undefined)[] = [
    held.state === 'disabled' ? { type: 'enable' } : undefined,
    held.protected === true ? undefined : { type: 'protect' },
    Object.keys(tags).length === 0 ? undefined : { type: 'tag', tags },
    deprecationAt(due, replica.image, held, now),
    strangers.length === 0 ? undefined : { type: 'share', with: strangers },
    entry.public && held.public !== true ? { type: 'open' } : undefined,
  ]
  return { ...nothing, held, steps: steps.filter((step) => step !== undefined), notes: extras(replica, held) }
}

/** Another copy of an image that is gone, and the candidate that all of them were made of. */
export type Source = { readonly copy: Held; readonly candidate: string | undefined }

/** What an image that is gone can be made of again: the same use case, name and architecture at another place. */
export function sourceOf(plan: ReplicaPlan, plans: readonly ReplicaPlan[]): Source | undefined {
  const copy = plans.find(
    ({ held, replica }) =>
      held !== undefined &&
      replica.name === plan.replica.name &&
      replica.candidate.architecture === plan.replica.candidate.architecture,
  )?.held
  return copy && { copy, candidate: copy.tags['CandidateImageId'] }
}

/** The same plan with where it can be had from, if it is gone. `there`: candidates that are still there. */
export function withSource(plan: ReplicaPlan, plans: readonly ReplicaPlan[], there: ReadonlySet<string>): ReplicaPlan {
  if (plan.held !== undefined || plan.faults.length === 0) return plan
  const source = sourceOf(plan, plans)
  const { image } = plan.replica
  const words =
    source === undefined
      ? 'and no other place that the manifest names has it'
      : source.candidate !== undefined && there.has(source.candidate)
        ? `its candidate ${source.candidate} is there: make replicate IMAGE=${image.name} IMAGE_ID=${source.candidate}`
        : `${source.copy.id} in ${source.copy.region} is the same image, and can be copied`
  return { ...plan, faults: plan.faults.map((fault) => `${fault}; ${words}`) }
}
