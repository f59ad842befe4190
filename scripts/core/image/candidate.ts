import { revocationOf } from '../revocation/revocation.ts'
import type { ImageFacts } from './image-facts.ts'

/** What a bake has to do, given the images that carry the same inputs. */
export type BakePlan =
  | { readonly type: 'reuse'; readonly image: ImageFacts }
  /** Another bake, or one that was cut off, has it in the making. */
  | { readonly type: 'wait'; readonly image: ImageFacts }
  | { readonly type: 'bake' }

/** The newest usable image of the same inputs wins: same inputs, same image (B01). One that is revoked is made anew (B13). */
export function planBake(sameInputs: readonly ImageFacts[]): BakePlan {
  const usable = sameInputs.filter(({ tags }) => revocationOf(tags) === undefined)
  const newestFirst = usable.sort((left, right) => (left.created < right.created ? 1 : -1))
  const available = newestFirst.find(({ state }) => state === 'available')
  if (available !== undefined) return { type: 'reuse', image: available }
  const pending = newestFirst.find(({ state }) => state === 'pending')
  return pending === undefined ? { type: 'bake' } : { type: 'wait', image: pending }
}

export type PackerManifest = {
  readonly builds?: readonly { readonly artifact_id?: string; readonly packer_run_uuid?: string }[]
  readonly last_run_uuid?: string
}

/** The id in Packer's manifest, whose artifact ids look like `us-east-1:ami-0abc`. */
export function artifactOf({ builds, last_run_uuid: last }: PackerManifest, region: string): string | undefined {
  const ids = builds?.find(({ packer_run_uuid: run }) => run === last)?.artifact_id?.split(',') ?? []
  return ids.find((id) => id.startsWith(`${region}:`))?.slice(region.length + 1)
}
