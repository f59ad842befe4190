import type { ImageFacts } from '../image/image-facts.ts'
import type { GroupRuns } from '../layers/group.ts'
import type { Group } from '../groups/groups.ts'
import { revocationOf, revocationWords } from '../revocation/revocation.ts'
import type { Marks } from '../stack/owner.ts'
import { strangerIn } from '../stack/owner.ts'
import { healthOf, type StackState } from '../stack/state.ts'
import type { RefLook } from './ref.ts'
import type { GroupPlace } from './place.ts'

/** What the group's own account tells of it. */
export type GroupSeen =
  | {
      readonly type: 'seen'
      readonly state: StackState | undefined
      /** Images that the account sees, and that carry there the tag of the commit and all others that are asked for. */
      readonly images: readonly ImageFacts[]
    }
  | { readonly type: 'unchecked'; readonly why: string }

export type GroupThere = {
  readonly group: Group
  readonly place: GroupPlace
  /** Where the pipeline is that builds for it, if it says which. */
  readonly buildPlace: GroupPlace | undefined
  readonly stack: string
  readonly marks: Marks
}

/** What is to become of one group. */
export type GroupPlan = GroupThere & {
  /** Its stack. */
  readonly state: StackState | undefined
  /** What its ref names now. */
  readonly commit: string | undefined
  readonly now: GroupRuns | undefined
  /** What it is to run; undefined: nothing can be done. */
  readonly next: GroupRuns | undefined
  /** Why it keeps the image that it has, though its ref names another commit, or another image is there. */
  readonly kept: string | undefined
  /** Why it cannot be followed. */
  readonly fault: string | undefined
  /** Why nobody can tell. */
  readonly unchecked: string | undefined
}

/** A group moves if there is a new commit, an image was built for it, and the group's account sees that image (A11). */
export function planGroup(followed: GroupThere, ref: RefLook, seen: GroupSeen): GroupPlan {
  const { group, place, stack, marks } = followed
  const plan: GroupPlan = {
    ...followed,
    state: seen.type === 'seen' ? seen.state : undefined,
    commit: ref.type === 'commit' ? ref.commit : undefined,
    now: undefined,
    next: undefined,
    kept: undefined,
    fault: undefined,
    unchecked: undefined,
  }
  if (seen.type === 'unchecked') return { ...plan, unchecked: seen.why }
  const now = runsOf(seen.state)
  if (ref.type === 'unchecked') return { ...plan, now, unchecked: ref.why }
  const fault = ref.type === 'fault' ? ref.why : stackFault(stack, marks, seen.state)
  if (fault !== undefined || ref.type === 'fault') return { ...plan, now, fault }

  const available = seen.images.filter(({ state }) => state === 'available')
  const [image, another] = available
  const { commit } = ref
  if (another !== undefined) {
    const ids = available.map(({ id }) => id).toSorted()
    return { ...plan, now, fault: `${available.length} images carry ${carried(group, commit)}: ${ids.join(', ')}` }
  }
  if (image === undefined) {
    const why = `${place.title} has no image with ${carried(group, commit)}${unready(seen.images)}`
    return now === undefined
      ? { ...plan, fault: `${why}, and there is none to fall back to` }
      : { ...plan, now, next: now, kept: why }
  }
  const revocation = revocationOf(image.tags)
  if (revocation !== undefined && now?.image !== image.id) {
    const why = `${image.id} is revoked ${revocationWords(revocation, image.id)}`
    return now === undefined ? { ...plan, fault: why } : { ...plan, now, next: now, kept: why }
  }
  if (now?.commit === commit) {
    const kept = now.image === image.id ? undefined : `${image.id} was built for the same commit`
    return { ...plan, now, next: now, kept }
  }
  return { ...plan, now, next: { image: image.id, commit } }
}

/** It waits for an image, and may do so only while that is being built. */
export const awaitsBuild = ({ group, now, commit, kept }: GroupPlan): boolean =>
  group.build !== undefined && kept !== undefined && now?.commit !== commit

/** Keeping an image is no way out where none will come (A23). */
export function whileBuilding(plan: GroupPlan, running: boolean): GroupPlan {
  const { kept = '', group, buildPlace } = plan
  const pipeline = `${group.build?.pipeline} in ${buildPlace?.title}`
  return running
    ? { ...plan, kept: `${kept}; ${pipeline} is running` }
    : { ...plan, next: undefined, kept: undefined, fault: `${kept}, and ${pipeline} is not running` }
}

/** The last known image is what the stack says: there is no other ledger. What never worked runs nothing. */
function runsOf(state: StackState | undefined): GroupRuns | undefined {
  const { ImageId: image, Commit: commit } = state?.parameters ?? {}
  if (state === undefined || image === undefined || commit === undefined) return undefined
  return ['ready', 'busy', 'needsRecovery'].includes(healthOf(state.status)) ? { image, commit } : undefined
}

function stackFault(stack: string, marks: Marks, state: StackState | undefined): string | undefined {
  const stranger = strangerIn(marks, state)
  if (stranger !== undefined) return `${stack} ${stranger}`
  if (state === undefined) return undefined
  const { status, statusReason, parameters, changeSet, updated, created } = state
  switch (healthOf(status)) {
    case 'busy': {
      const begun = (updated ?? created).toISOString().replace(/\.\d+/, '')
      const by = changeSet === undefined ? '' : ` by ${changeSet.split('/')[1] ?? changeSet}`
      const to = parameters['ImageId'] === undefined ? '' : `, to ${parameters['ImageId']} of ${parameters['Commit']}`
      return `another run is changing it: ${stack} is ${status} since ${begun}${by}${to}. Run this again when it is done`
    }
    case 'createFailed':
      return `${stack} is ${status}: its creation failed, and nothing in it ever worked. Delete that stack, and run this again`
    case 'needsRecovery':
      return `${stack} is ${status}${statusReason === undefined ? '' : ` (${statusReason})`}: put right what that names, and continue its roll-back`
    default:
      return undefined
  }
}

const carried = ({ repo, tags }: Group, commit: string): string =>
  Object.entries({ [repo.tagName]: commit, ...tags })
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')

const unready = (images: readonly ImageFacts[]): string =>
  images.length === 0
    ? ', tagged by this account: it was not built, or it is not shared and tagged there yet'
    : ` that is available: ${images.map(({ id, state }) => `${id} is ${state}`).join(', ')}`
