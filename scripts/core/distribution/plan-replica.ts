import { needsRole } from '../access/target.ts'
import { encryptionFault } from '../image/image-facts.ts'
import { revokedFault } from '../revocation/errors.ts'
import { revocationOf } from '../revocation/revocation.ts'
import { heldOf, type DesiredReplica, type Held, type Seen } from './replica.ts'
import { keyPreflight } from './preflight.ts'
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
    const { faults, notes } = beforeCopy(replica, seen)
    return faults.length > 0 ? { ...nothing, faults, notes } : { ...nothing, notes, steps: [copyOf(replica)] }
  }
  if (failedStates.includes(held.state)) {
    if (replica.place.home || !isOurs(replica, held)) return { ...nothing, faults: [`${held.id} is ${held.state}`] }
    const why = held.reason ?? held.state
    const discard: Step = { type: 'discard', id: held.id, snapshots: held.snapshots, why }
    const { faults, notes } = beforeCopy(replica, seen)
    return faults.length > 0
      ? { ...nothing, faults, notes }
      : { ...nothing, notes, steps: [discard, copyOf(replica, held.id)] }
  }
  const { faults: unusable, notes } = replica.place.home ? keyUse(replica, seen) : { faults: [], notes: [] }
  const faults = [
    ...heldFaults(replica, held),
    ...(held.state === 'available' ? keyFaults(replica, held, seen) : []),
    ...unusable,
  ]
  const missing = missingTags(held.tags, replica.tags)
  return {
    ...nothing,
    held,
    faults,
    notes,
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
function beforeCopy(
  replica: DesiredReplica,
  seen: Extract<Seen, { type: 'seen' }>,
): { readonly faults: readonly string[]; readonly notes: readonly string[] } {
  const { candidate, image, key } = replica
  const only = (fault: string | undefined) => ({ faults: fault === undefined ? [] : [fault], notes: [] })
  if (key === undefined) return only(encryptionFault(candidate, false, image.name))
  if (seen.key === undefined) return only(`there is no key ${key} to encrypt the copy under`)
  if (seen.key.state !== 'Enabled') return only(`the key ${key} is ${seen.key.state}`)
  return keyUse(replica, seen)
}

/** Nothing where nobody asked. */
const keyUse = (replica: DesiredReplica, { key, keyUse: use }: Extract<Seen, { type: 'seen' }>) =>
  key === undefined || use === undefined ? { faults: [], notes: [] } : keyPreflight(replica, key.arn, use)

function heldFaults(replica: DesiredReplica, held: Held): readonly string[] {
  if (!isOurs(replica, held)) return [`${held.id} has the name ${replica.name}, and is another image`]
  const revocation = revocationOf(held.tags)
  if (revocation !== undefined) return [revokedFault(held.id, revocation)]
  if (held.state === 'available' || (held.state === 'pending' && !replica.place.home)) return []
  return [`${held.id} is ${held.state}`]
}

/** How an image is encrypted never changes. */
function keyFaults(
  { image, key }: DesiredReplica,
  held: Held,
  seen: Extract<Seen, { type: 'seen' }>,
): readonly string[] {
  const wrong = encryptionFault(held, key !== undefined, image.name)
  if (wrong !== undefined) return [wrong]
  if (key === undefined) return []
  const encrypted = held.encrypted ?? []
  if (seen.key === undefined) return [`there is no key ${key} any more, which ${held.id} was to be encrypted under`]
  const { arn } = seen.key
  const others = encrypted.filter((snapshot) => seen.snapshotKeys.get(snapshot) !== arn)
  return others.length > 0 ? [`${held.id} is encrypted under another key than ${key}`] : []
}

/** The account that copies, where it is not the one that the candidate is of. */
export const copierOf = ({ place: { target } }: DesiredReplica): string | undefined =>
  needsRole(target) ? target.account : undefined
