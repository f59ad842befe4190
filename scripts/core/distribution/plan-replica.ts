import { needsRole } from '../access/target.ts'
import { heldOf, type DesiredReplica, type Held, type Seen } from './replica.ts'
import type { Step } from './step.ts'

/** What is to be done about one replica, and what stands in the way. */
export type ReplicaPlan = {
  readonly replica: DesiredReplica
  /** The image that stands for it; undefined: it is still to be made, or nobody could look. */
  readonly held: Held | undefined
  readonly steps: readonly Step[]
  /** Why it cannot be done. */
  readonly faults: readonly string[]
  /** Why nobody can tell. */
  readonly unchecked: string | undefined
  /** What differs and stays so. */
  readonly notes: readonly string[]
}

/** All is as it is meant to be, and was looked at. */
export const holds = ({ held, steps, faults, unchecked }: ReplicaPlan): boolean =>
  held !== undefined && steps.length === 0 && faults.length === 0 && unchecked === undefined

const failedStates = ['failed', 'invalid', 'error']

/** What has to happen so that a candidate lies at a place as an image of its published name (G12, G13). */
export function planReplica(replica: DesiredReplica, seen: Seen): ReplicaPlan {
  const nothing = { replica, held: undefined, steps: [], faults: [], unchecked: undefined, notes: [] }
  if (seen.type === 'unchecked') return { ...nothing, unchecked: seen.why }
  const held = heldOf(replica, seen.held)
  if (held === undefined) {
    if (replica.place.home) return { ...nothing, faults: [`${replica.candidate.id} is not there any more`] }
    const faults = beforeCopy(replica, seen)
    return faults.length > 0 ? { ...nothing, faults } : { ...nothing, steps: [copyOf(replica)] }
  }
  if (failedStates.includes(held.state)) {
    if (replica.place.home || !isOurs(replica, held)) return { ...nothing, faults: [`${held.id} is ${held.state}`] }
    const why = held.reason ?? held.state
    const discard: Step = { type: 'discard', id: held.id, snapshots: held.snapshots, why }
    const faults = beforeCopy(replica, seen)
    return faults.length > 0 ? { ...nothing, faults } : { ...nothing, steps: [discard, copyOf(replica, held.id)] }
  }
  const faults = [...heldFaults(replica, held), ...(held.state === 'available' ? keyFaults(replica, held, seen) : [])]
  const missing = missingTags(held.tags, replica.tags)
  return {
    ...nothing,
    held,
    faults,
    steps:
      faults.length > 0
        ? []
        : [
            ...(held.state === 'pending' ? [{ type: 'await', id: held.id } as const] : []),
            ...(Object.keys(missing).length > 0 ? [{ type: 'tag', tags: missing } as const] : []),
          ],
  }
}

const copyOf = ({ name, candidate, tags, key }: DesiredReplica, instead?: string): Step => ({
  type: 'copy',
  name,
  source: { id: candidate.id, region: candidate.region },
  tags,
  key,
  instead,
})

export const missingTags = (
  has: Readonly<Record<string, string>>,
  desired: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(desired).filter(([key, value]) => has[key] !== value))

const isOurs = ({ candidate }: DesiredReplica, held: Held): boolean =>
  held.tags['Inputs'] !== undefined && held.tags['Inputs'] === candidate.tags['Inputs']

/** An encrypted snapshot has no copy that is not encrypted.
 *  https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html */
function beforeCopy({ candidate, key }: DesiredReplica, seen: Extract<Seen, { type: 'seen' }>): readonly string[] {
  if (key === undefined)
    return (candidate.encrypted ?? []).length > 0
      ? [`${candidate.id} is encrypted, and so is every copy of it; images.yaml wants it not to be`]
      : []
  if (seen.key === undefined) return [`there is no key ${key} to encrypt the copy under`]
  return seen.key.state === 'Enabled' ? [] : [`the key ${key} is ${seen.key.state}`]
}

function heldFaults(replica: DesiredReplica, held: Held): readonly string[] {
  if (!isOurs(replica, held)) return [`${held.id} has the name ${replica.name}, and is another image`]
  if (held.state === 'available' || (held.state === 'pending' && !replica.place.home)) return []
  return [`${held.id} is ${held.state}`]
}

/** How an image is encrypted never changes. */
function keyFaults({ key }: DesiredReplica, held: Held, seen: Extract<Seen, { type: 'seen' }>): readonly string[] {
  const encrypted = held.encrypted ?? []
  if (key === undefined)
    return encrypted.length > 0 ? [`${held.id} is encrypted, and images.yaml wants it not to be`] : []
  const bare = held.snapshots.filter((snapshot) => !encrypted.includes(snapshot))
  if (bare.length > 0) return [`${held.id} is not encrypted, and images.yaml wants it to be`]
  if (seen.key === undefined) return [`there is no key ${key} any more, which ${held.id} was to be encrypted under`]
  const { arn } = seen.key
  const others = encrypted.filter((snapshot) => seen.snapshotKeys.get(snapshot) !== arn)
  return others.length > 0 ? [`${held.id} is encrypted under another key than ${key}`] : []
}

/** The account that copies, where it is not the one that the candidate is of. */
export const copierOf = ({ place: { target } }: DesiredReplica): string | undefined =>
  needsRole(target) ? target.account : undefined
