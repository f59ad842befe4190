import { targetName } from '../../core/access/target.ts'
import type { ImageFacts } from '../../core/image/image-facts.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { Found } from '../../core/share/choose-images.ts'
import type { LocalShare } from '../../core/share/local-share.ts'
import type { SourceKeys } from '../../core/share/plan-share.ts'
import { orUnchecked } from '../../engine/of-many.ts'

/** The images of each place, all places at once, in one call a thousand of them. One that does not answer hides no other. */
export async function lookAtSources(
  shares: readonly LocalShare[],
  { at }: Pick<Ports, 'at'>,
): Promise<(local: LocalShare) => Found> {
  const places = new Map(shares.map(({ title, source }) => [title, source]))
  const found = new Map(
    await Promise.all(
      [...places].map(async ([title, source]): Promise<[string, Found]> => {
        const asked = at(source).images.owned({})
        return [title, await orUnchecked(asked.then((images) => ({ type: 'found' as const, images })))]
      }),
    ),
  )
  return ({ title }) => found.get(title)!
}

type KeysThere = SourceKeys | { readonly type: 'unchecked'; readonly why: string }

/** The keys of images that are encrypted; nothing is asked where none is. */
export async function lookAtKeys(
  images: readonly { readonly image: ImageFacts; readonly local: LocalShare }[],
  { at }: Pick<Ports, 'at'>,
): Promise<(local: LocalShare) => KeysThere> {
  const places = Map.groupBy(images, ({ local }) => targetName(local.source))
  const found = new Map(
    await Promise.all(
      [...places].map(async ([title, here]): Promise<[string, KeysThere]> => {
        const snapshots = [...new Set(here.flatMap(({ image }) => image.encrypted ?? []))]
        if (snapshots.length === 0) return [title, { snapshotKeys: new Map(), managed: undefined }]
        const { images: there, keys } = at(here[0]!.local.source)
        const asked = Promise.all([there.snapshotKeys(snapshots), keys.find('alias/aws/ebs')])
        return [
          title,
          await orUnchecked(asked.then(([snapshotKeys, managed]) => ({ snapshotKeys, managed: managed?.arn }))),
        ]
      }),
    ),
  )
  return ({ title }) => found.get(title)!
}
