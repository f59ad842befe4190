import { targetName, type Target } from '../../core/access/target.ts'
import { isRigletError } from '../../core/errors.ts'
import type { Ports, Regional } from '../../core/ports/ports.ts'
import type { Chosen } from '../../core/share/choose-images.ts'
import { keysToUse, type SeenThere, type SourceKeys } from '../../core/share/plan-share.ts'
import { orUnchecked } from '../../engine/of-many.ts'

/** What the accounts that images are shared with see of them, all places at once. */
export async function lookAtConsumers(
  chosen: readonly (Chosen & { readonly keys: SourceKeys })[],
  { at }: Pick<Ports, 'at'>,
): Promise<(target: Target) => SeenThere> {
  const places = Map.groupBy(chosen, ({ consumer }) => targetName(consumer.target))
  const seen = new Map(
    await Promise.all(
      [...places].map(async ([title, here]): Promise<[string, SeenThere]> => {
        const ids = [...new Set(here.map(({ image }) => image.id))]
        const arns = [...new Set(here.flatMap((one) => keysToUse(one, one.keys)))]
        return [title, await orUnchecked(look(ids, arns, at(here[0]!.consumer.target)))]
      }),
    ),
  )
  return (target) => seen.get(targetName(target))!
}

async function look(ids: readonly string[], arns: readonly string[], there: Regional): Promise<SeenThere> {
  const [images, keys] = await Promise.all([
    there.images.describe(ids),
    Promise.all(arns.map(async (arn) => [arn, await whyClosed(arn, there)] as const)),
  ])
  return { type: 'seen', images, keys: new Map(keys) }
}

/** A key that can be described may still be closed to Decrypt or CreateGrant: only a launch tells. */
async function whyClosed(arn: string, { keys }: Regional): Promise<string | undefined> {
  try {
    const key = await keys.find(arn)
    if (key === undefined) return 'it is not there'
    return key.state === 'Enabled' ? undefined : `it is ${key.state}`
  } catch (error) {
    if (isRigletError(error, 'ACCESS_DENIED')) return error.message
    throw error
  }
}
