import { commitOf, type ImageFacts } from '../image/image-facts.ts'
import type { DesiredShare } from '../manifest/desired-images.ts'
import { revocationOf } from '../revocation/revocation.ts'
import { carriesTags } from '../tags.ts'
import type { Consumer, LocalShare } from './local-share.ts'

/** One commit, by the tag that tells it; at least its first seven digits. */
export type OneCommit = { readonly commit: string; readonly tag: string }

/** What the account that images are of holds at one place. What was not read is never taken as absent. */
export type Found =
  | { readonly type: 'found'; readonly images: readonly ImageFacts[] }
  | { readonly type: 'unchecked'; readonly why: string }

/** Why a share has no image at a place. */
export type Gap = {
  readonly share: string
  readonly title: string
  readonly state: 'not available' | 'ambiguous' | 'unchecked'
  readonly why: string
}

/** An image that one account is to have. */
export type Chosen = {
  readonly image: ImageFacts
  readonly local: LocalShare
  readonly consumer: Consumer
  /** Of all shares that it is of. */
  readonly defaults: Readonly<Record<string, string>>
}

export type Choice = { readonly chosen: readonly Chosen[]; readonly gaps: readonly Gap[] }

/**
 * Which images are shared with whom (A19, A22): those available and not revoked whose name and tags fit. Where one commit is asked for, one
 * image of each architecture is meant. Several shares of the same image are one, the tags of later ones before earlier ones.
 */
export function chooseImages(
  shares: readonly LocalShare[],
  foundAt: (local: LocalShare) => Found,
  one: OneCommit | undefined,
): Choice {
  const chosen = new Map<string, Chosen>()
  const gaps: Gap[] = []
  for (const local of shares) {
    const found = foundAt(local)
    const gap = (state: Gap['state'], why: string): void =>
      void gaps.push({ share: local.share.name, title: local.title, state, why })
    if (found.type === 'unchecked') {
      gap('unchecked', found.why)
      continue
    }
    const images = found.images.filter((image) => fits(image, local, one))
    const several = one === undefined ? [] : alike(images)
    if (images.length === 0) gap('not available', `no image that is available fits${ofCommit(one)}`)
    if (several.length > 0) {
      gap('ambiguous', `one image${ofCommit(one)} is meant, and these fit: ${several.join(', ')}`)
      continue
    }
    for (const image of images)
      for (const consumer of local.consumers) {
        const key = `${image.id} ${consumer.account}`
        const defaults = { ...chosen.get(key)?.defaults, ...local.share.tags }
        chosen.set(key, { image, local, consumer, defaults })
      }
  }
  return { chosen: [...chosen.values()], gaps }
}

const fits = (image: ImageFacts, { share }: LocalShare, one: OneCommit | undefined): boolean =>
  image.state === 'available' &&
  revocationOf(image.tags) === undefined &&
  matches(image, share) &&
  (one === undefined || commitOf(image.tags, one.tag)?.startsWith(one.commit) === true)

/** Whether a share means an image, by its name and tags. */
export const matches = ({ name, tags }: ImageFacts, { match }: Pick<DesiredShare, 'match'>): boolean =>
  (match.name === undefined || new RegExp(match.name, 'u').test(name)) && carriesTags(tags, match.tags)

/** Those of which there is another one of the same architecture. */
const alike = (images: readonly ImageFacts[]): readonly string[] =>
  [...Map.groupBy(images, ({ architecture }) => architecture).values()]
    .filter((same) => same.length > 1)
    .flatMap((same) => same.map(({ id }) => id))
    .sort()

const ofCommit = (one: OneCommit | undefined): string => (one === undefined ? '' : ` of commit ${one.commit}`)
