import type { Site } from '../../core/distribution/sites.ts'
import { kinOf, type Kin, type Located } from '../../core/lineage/family.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { Unchecked } from '../../core/lineage/uses.ts'
import { orUnchecked } from '../../engine/of-many.ts'

/** All images of all places, and what each was made of, also over images that are gone or are others'. */
export type Everything = {
  readonly images: readonly Located[]
  /** Others' images that these were made of, such as bases. */
  readonly others: readonly Located[]
  readonly kin: readonly Kin[]
  readonly unchecked: readonly Unchecked[]
}

type LookPorts = Pick<Ports, 'at'>

/** An image that is gone, or somebody else's, and one that was made of it. */
type Missing = { readonly id: string; readonly region: string; readonly child: Located }

/**
 * Every image of every place, all places at once, each a list in pages and no call for any single image. What they were made of
 * that is in none of the lists is asked for in one call of each region for 200 of them. Of what nobody knows any more, and of which
 * no copy says by its tags what it was made of, the ancestry is asked for, once: EC2 tells that of one image alone.
 */
export async function lookEverywhere(sites: readonly Site[], { at }: LookPorts): Promise<Everything> {
  const lists = await Promise.all(
    sites.map(async (site) => ({ site, seen: await orUnchecked(at(site.target).images.owned({})) })),
  )
  const images = lists.flatMap(({ site, seen }) => ('type' in seen ? [] : seen.map((image) => ({ site, image }))))
  const unread = lists.flatMap(({ site, seen }) => ('type' in seen ? [{ what: site.title, why: seen.why }] : []))
  const behind = await lookBack(images, { at })
  return {
    images,
    others: behind.flatMap(({ others }) => others),
    kin: [...images, ...behind.flatMap(({ others }) => others)]
      .map(({ image }) => kinOf(image))
      .concat(behind.flatMap(({ kin }) => kin)),
    unchecked: [...unread, ...behind.flatMap(({ unchecked }) => unchecked)],
  }
}

function missingIn(images: readonly Located[]): readonly Missing[] {
  const known = new Set(images.map(({ image }) => image.id))
  const missing = new Map<string, Missing>()
  for (const child of images)
    for (const id of kinOf(child.image).parents) {
      const { source, region } = child.image
      const there = source?.id === id ? source.region : region
      if (!known.has(id) && !missing.has(id)) missing.set(id, { id, region: there, child })
    }
  return [...missing.values()]
}

type Behind = Pick<Everything, 'others' | 'kin' | 'unchecked'>

/** What stands behind images that is in none of the lists. */
async function lookBack(images: readonly Located[], { at }: LookPorts): Promise<readonly Behind[]> {
  const regions = Map.groupBy(missingIn(images), ({ region }) => region)
  const told = toldByCopies(images)
  const asked = await Promise.all(
    [...regions].map(async ([region, missing]): Promise<readonly Behind[]> => {
      const seen = await orUnchecked(at({ region }).images.describe(missing.map(({ id }) => id)))
      const site = { target: { region }, region, title: region, publishes: true }
      const others = 'type' in seen ? [] : seen.map((image) => ({ site, image }))
      const there = new Set(others.map(({ image }) => image.id))
      const gone = missing.filter(({ id }) => !there.has(id))
      const kin = gone.flatMap(({ id }) => told.get(id) ?? [])
      const unknown = gone.filter(({ id }) => !told.has(id))
      return [{ others, kin, unchecked: [] }, ...(await Promise.all(unknown.map((one) => askAncestry(one, { at }))))]
    }),
  )
  return asked.flat()
}

/** Candidates that are gone, mostly: each copy carries the tags of its own, with what that was baked on. */
const toldByCopies = (images: readonly Located[]): ReadonlyMap<string, Kin> =>
  new Map(
    images.flatMap(({ image: { tags } }): [string, Kin][] => {
      const { CandidateImageId: id, SourceImageId: base } = tags
      return id && base ? [[id, { id, parents: [base] }]] : []
    }),
  )

async function askAncestry({ id, child }: Missing, { at }: LookPorts): Promise<Behind> {
  const asked = await orUnchecked(at(child.site.target).images.ancestry(child.image.id))
  if ('type' in asked) return { others: [], kin: [], unchecked: [{ what: `what ${id} was made of`, why: asked.why }] }
  return { others: [], kin: asked.map((one) => ({ id: one.id, parents: [one.source] })), unchecked: [] }
}
