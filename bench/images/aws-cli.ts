import { assume } from '../../rehearsal/contract/support/accounts.ts'
import { batchesOf } from '../../scripts/core/batches.ts'
import { run } from '../commands.ts'
import { role, type Place, type World } from './places.ts'
import type { Stock } from './seed.ts'

/** Images that are asked for one by one; the time of all is reckoned from theirs. */
const sampled = 40
/** Ids in one command. */
const inBatch = 200

export type Loops = {
  readonly sampled: number
  /** Seconds that all images would take, one by one. */
  readonly single: number
  /** Seconds that all images took, many in a command, and how many commands that were. */
  readonly batched: number
  readonly commands: number
}

/** Whether each image is there, and how, as a loop of the aws CLI asks it, with a role's credentials at hand. */
export async function loops(world: World, { candidates, releases }: Stock): Promise<Loops> {
  const credentials = await credentialsOf(world)
  const ids = new Map<Place, string[]>(world.places.map((place) => [place, []]))
  ids.get(world.places[0]!)!.push(...candidates)
  for (const { place, entry } of releases.flat()) ids.get(place)!.push(entry.id)
  const describe = ({ account, region }: Place, images: readonly string[]): number => {
    const words = ['aws', 'ec2', 'describe-images', '--region', region, '--image-ids', ...images]
    const { out, seconds } = run(words, { env: credentials.get(account)! })
    const { Images } = JSON.parse(out) as { readonly Images: readonly unknown[] }
    if (Images.length !== images.length) throw new Error(`${Images.length} of ${images.length} images are told`)
    return seconds
  }
  const all = [...ids].flatMap(([place, own]) => own.map((id) => ({ place, id })))
  const step = Math.floor(all.length / sampled)
  const some = Array.from({ length: sampled }, (_, index) => all[index * step]!)
  const one = some.reduce((sum, { place, id }) => sum + describe(place, [id]), 0) / sampled
  const batches = [...ids].flatMap(([place, own]) => batchesOf(own, inBatch).map((batch) => ({ place, batch })))
  const batched = batches.reduce((sum, { place, batch }) => sum + describe(place, batch), 0)
  return { sampled, single: one * all.length, batched, commands: batches.length }
}

async function credentialsOf({ ground, accounts }: World): Promise<ReadonlyMap<string, Record<string, string>>> {
  const [home, ...others] = accounts
  const own = { ...ground.rehearsal.env }
  const taken = others.map(async (account): Promise<[string, Record<string, string>]> => [
    account,
    { ...own, ...(await assume(ground.aws, `arn:aws:iam::${account}:role/${role}`)) },
  ])
  return new Map([[home!, own], ...(await Promise.all(taken))])
}
