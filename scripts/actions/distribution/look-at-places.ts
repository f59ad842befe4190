import type { DesiredReplica, Held, Seen } from '../../core/distribution/replica.ts'
import { heldOf } from '../../core/distribution/replica.ts'
import type { KeySeen } from '../../core/distribution/preflight.ts'
import type { ImageFacts } from '../../core/image/image-facts.ts'
import type { Ports, Regional } from '../../core/ports/ports.ts'
import { orUnchecked } from '../../engine/of-many.ts'

export type Look = { readonly replica: DesiredReplica; readonly seen: Seen }

/**
 * What EC2 holds of each replica, all places at once; of one place in one call for the images, whatever their number. A place
 * that does not answer is unchecked, and hides nothing of the others. `sharing`: also who may use them.
 */
export async function lookAtPlaces(
  replicas: readonly DesiredReplica[],
  ports: Pick<Ports, 'at'>,
  { sharing }: { readonly sharing: boolean },
): Promise<readonly Look[]> {
  const places = Map.groupBy(replicas, ({ place }) => place.title)
  const looks = await Promise.all(
    [...places.values()].map(async (here): Promise<Look[]> => {
      const seen = await orUnchecked(look(here, ports.at(here[0]!.place.target), sharing))
      return here.map((replica) => ({ replica, seen }))
    }),
  )
  const all = new Map(looks.flat().map((one) => [one.replica, one]))
  return replicas.map((replica) => all.get(replica)!)
}

async function look(replicas: readonly DesiredReplica[], there: Regional, sharing: boolean): Promise<Seen> {
  const [{ place, key, image }] = replicas as [DesiredReplica]
  const [found, foundKey] = await Promise.all([
    place.home
      ? there.images.describe(replicas.map(({ candidate }) => candidate.id))
      : there.images.named(replicas.map(({ name }) => name)),
    key === undefined ? undefined : there.keys.find(key),
  ])
  const ours = replicas.flatMap((replica) => heldOf(replica, found) ?? [])
  const encrypted = ours.flatMap((held) => held.encrypted ?? [])
  const asks = sharing && image.public && ours.some((held) => held.public !== true)
  const isMade = (replica: DesiredReplica): boolean => !place.home && heldOf(replica, found)?.state === 'available'
  const asksUse = !sharing && replicas.some((one) => one.consumers.length > 0 && !isMade(one))
  const [keyUse, snapshotKeys, publicBlocked, held] = await Promise.all([
    asksUse && foundKey !== undefined ? orUnchecked(useOf(foundKey.arn, there)) : undefined,
    key === undefined || encrypted.length === 0 ? new Map<string, string>() : there.images.snapshotKeys(encrypted),
    asks ? there.publishing.publicBlocked() : false,
    sharing ? Promise.all(ours.map((one) => withConsumers(one, there))) : ours,
  ])
  return { type: 'seen', held, key: foundKey, keyUse, snapshotKeys, publicBlocked }
}

const useOf = async (arn: string, there: Regional): Promise<KeySeen> => ({
  type: 'seen',
  ...(await there.keys.use(arn)),
})

const withConsumers = async (held: ImageFacts, there: Regional): Promise<Held> => ({
  ...held,
  sharedWith: await there.publishing.sharedWith(held.id),
})
