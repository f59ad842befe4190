import { isRigletError } from '../../core/errors.ts'
import { isEmpty, type Inventory } from '../../core/riglet/inventory.ts'
import { isStackNameOf, parameterPath, tagsOf, type Riglet } from '../../core/names.ts'
import type { Ports, Regional } from '../../core/ports/ports.ts'
import { marksOf, strangerIn } from '../../core/stack/owner.ts'
import type { StackState } from '../../core/stack/state.ts'
import { carriesTags } from '../../core/tags.ts'

/** Everything that carries the riglet's tags or stands under its names, in every region that the account may use. */
export async function takeInventory(
  riglet: Riglet,
  home: string,
  { account, at, terminal }: Pick<Ports, 'account' | 'at' | 'terminal'>,
): Promise<Inventory[]> {
  const regions = await account.regions()
  const results = await Promise.allSettled(regions.map((region) => inventoryOf(riglet, region, at({ region }))))
  const unseen: string[] = []
  const inventories = results.flatMap((result, index) => {
    const region = regions[index]!
    if (result.status === 'fulfilled') return isEmpty(result.value) ? [] : [result.value]
    // Organisations close regions that nobody uses; the riglet's own one must be open.
    if (region === home || !isRigletError(result.reason, 'ACCESS_DENIED')) throw result.reason
    unseen.push(region)
    return []
  })
  if (unseen.length > 0) terminal.say(`Not looked at, for lack of rights: ${unseen.join(', ')}`)
  return inventories
}

async function inventoryOf(
  riglet: Riglet,
  region: string,
  { stacks, images, buckets, parameters }: Regional,
): Promise<Inventory> {
  const tags = tagsOf(riglet)
  const [own, owned, orphaned, instances, named, under] = await Promise.all([
    stacksOf(riglet, stacks),
    images.owned(tags),
    images.orphaned(tags),
    images.instances(tags),
    buckets.find(`${riglet.owner}-`, tags),
    parameters.list(parameterPath(riglet)),
  ])
  return { region, stacks: own, images: owned, snapshots: orphaned, instances, buckets: named, parameters: under }
}

/** A stack that holds only a plan may not show its tags yet; its name tells whose it is, unless it shows others. */
export const stacksOf = async (riglet: Riglet, stacks: Ports['stacks']): Promise<StackState[]> =>
  (await stacks.list({})).filter(
    (state) =>
      carriesTags(state.tags, tagsOf(riglet)) ||
      (state.status === 'REVIEW_IN_PROGRESS' &&
        isStackNameOf(riglet, state.name) &&
        strangerIn(marksOf(riglet), state) === undefined),
  )
