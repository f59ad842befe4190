import { everybody } from '../distribution/place.ts'
import type { Site } from '../distribution/sites.ts'
import { missingTags } from '../distribution/plan-replica.ts'
import type { ImageFacts } from '../image/image-facts.ts'
import {
  revocationKeys,
  revocationOf,
  revocationTags,
  sharedBefore,
  sharingTags,
  type Revocation,
} from '../revocation/revocation.ts'

/** An image that a revocation is about, where it lies, and whom it is shared with; `all` is everybody. */
export type Member = { readonly site: Site; readonly image: ImageFacts; readonly shared: readonly string[] }

/** What is done to one image. Each is safe to repeat, and EC2 alone tells whether it is done. */
export type RevocationStep =
  | { readonly type: 'mark'; readonly tags: Readonly<Record<string, string>> }
  | { readonly type: 'withdraw'; readonly from: readonly string[] }
  | { readonly type: 'share'; readonly with: readonly string[] }
  | { readonly type: 'open' }
  | { readonly type: 'unmark'; readonly keys: readonly string[] }

export type MemberPlan = {
  readonly member: Member
  readonly steps: readonly RevocationStep[]
  /** What stays as it is, and why. */
  readonly note: string | undefined
}

/** Because of which image this one stays revoked, or is revoked by a nearer one: ancestors of an image by its id. */
type Ancestors = (id: string) => ReadonlySet<string>

/**
 * What is missing so that an image is revoked (B13). It is marked first, with whom it was shared with, and only then
 * withdrawn: whoever is killed between the two finds what to give back. Of two revocations the nearer one stays.
 */
export function planRevocation(member: Member, revocation: Revocation, ancestorsOf: Ancestors): MemberPlan {
  const { tags } = member.image
  const held = revocationOf(tags)
  const farther = held !== undefined && ancestorsOf(revocation.root).has(held.root)
  const stays = held !== undefined && held.root !== '' && !farther
  const desired = {
    ...(stays ? {} : revocationTags(revocation)),
    ...sharingTags([...sharedBefore(tags), ...member.shared]),
  }
  const missing = missingTags(tags, desired)
  return {
    member,
    steps: [
      ...(Object.keys(missing).length > 0 ? [{ type: 'mark', tags: missing } as const] : []),
      ...(member.shared.length > 0 ? [{ type: 'withdraw', from: member.shared } as const] : []),
    ],
    note: stays && held.root !== revocation.root ? `revoked already, because of ${held.root}` : undefined,
  }
}

/**
 * What takes a revocation of `root` back, exactly: shared again with whom it was, and only then unmarked. `standing`: other
 * revocations; what an ancestor's is about stays revoked.
 */
export function planUnrevocation(
  member: Member,
  root: string,
  standing: readonly Revocation[],
  ancestorsOf: Ancestors,
): MemberPlan {
  const { id, tags } = member.image
  const held = revocationOf(tags)
  if (held === undefined || (held.root !== root && !(held.root === '' && id === root)))
    return { member, steps: [], note: held && `stays revoked, because of ${held.root || 'a tag by other hands'}` }
  const above = ancestorsOf(id)
  const other = standing.find((one) => one.root !== root && above.has(one.root))
  if (other !== undefined)
    return {
      member,
      steps: [{ type: 'mark', tags: revocationTags(other) }],
      note: `stays revoked, because of ${other.root}`,
    }
  const lost = sharedBefore(tags).filter((consumer) => !member.shared.includes(consumer))
  const named = lost.filter((consumer) => consumer !== everybody)
  return {
    member,
    steps: [
      ...(named.length > 0 ? [{ type: 'share', with: named } as const] : []),
      ...(lost.includes(everybody) ? [{ type: 'open' } as const] : []),
      { type: 'unmark', keys: revocationKeys(tags) },
    ],
    note: undefined,
  }
}
