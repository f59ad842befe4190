import { isEmpty, type Inventory } from '../core/inventory.ts'
import { parameterPath, rigletName, tagsOf, type Riglet } from '../core/names.ts'
import type { Ports, Regional } from '../core/ports.ts'

/** Everything that carries the riglet's tags or stands under its names, in every region that the account may use. */
export async function takeInventory(riglet: Riglet, { account, inRegion }: Ports): Promise<Inventory[]> {
  const regions = await account.regions()
  const inventories = await Promise.all(regions.map((region) => inventoryOf(riglet, region, inRegion(region))))
  return inventories.filter((inventory) => !isEmpty(inventory))
}

async function inventoryOf(
  riglet: Riglet,
  region: string,
  { stacks, images, buckets, parameters }: Regional,
): Promise<Inventory> {
  const tags = tagsOf(riglet)
  const [found, owned, strayed, instances, named, under] = await Promise.all([
    stacks.list(tags),
    images.owned(tags),
    images.strayed(tags),
    images.instances(tags),
    buckets.find(`${rigletName(riglet)}-`, tags),
    parameters.list(parameterPath(riglet)),
  ])
  return { region, stacks: found, images: owned, snapshots: strayed, instances, buckets: named, parameters: under }
}
