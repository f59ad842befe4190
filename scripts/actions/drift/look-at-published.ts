import type { Gap } from '../../core/cleaning/findings.ts'
import type { ManifestAt, PublishedLook } from '../../core/drift/images/published-drift.ts'
import { consumersOf } from '../../core/distribution/place.ts'
import { isOwn, type Site } from '../../core/distribution/sites.ts'
import type { ImageFacts } from '../../core/image/image-facts.ts'
import { aliasesOf } from '../../core/manifest/desired-images.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { Everywhere } from '../cleaning/look-everywhere.ts'
import { gapsInto } from '../cleaning/look-at-sites.ts'

/**
 * What EC2 tells of the AMIs that manifests name: most are among the images of our accounts, which are read already. The
 * others are looked for in the riglet's own account, which sees what is public, or shared with it.
 */
export async function lookAtPublished(
  { looks, desired }: Everywhere,
  manifests: readonly ManifestAt[],
  { at }: Pick<Ports, 'at'>,
): Promise<PublishedLook & { readonly gaps: readonly Gap[] }> {
  const gaps: Gap[] = []
  const held = new Map<string, ImageFacts>(looks.flatMap(({ images }) => images.map((image) => [image.id, image])))
  const named = manifests
    .flatMap(({ manifest }) => Object.values(manifest))
    .flatMap((regions) => Object.entries(regions))
  const missing = (region: string): string[] => [
    ...new Set(
      named
        .flatMap(([where, entries]) => (where === region ? entries : []))
        .flatMap(({ id }) => (held.has(id) ? [] : [id])),
    ),
  ]
  const blind = new Set(
    looks.flatMap((look) => (look.site.publishes ? look.gaps.flatMap(({ region }) => region ?? []) : [])),
  )
  await Promise.all(
    looks.map(async ({ site }) => {
      const ids = isOwn(site) ? missing(site.target.region) : []
      if (ids.length === 0) return
      const before = gaps.length
      for (const image of await gapsInto(gaps, site)('AMIs of manifests', at(site.target).images.describe(ids)))
        held.set(image.id, image)
      if (gaps.length > before) blind.add(site.target.region)
    }),
  )
  const shared = await sharedIds(
    looks.map(({ site }) => site),
    desired,
    at,
    gaps,
  )
  return {
    gaps,
    imageOf: (id, region) => held.get(id) ?? (blind.has(region) ? 'unchecked' : undefined),
    withoutAccess: (useCase, region, id) => {
      const image = desired.images[aliasesOf(desired)[useCase] ?? useCase]
      if (image === undefined || image.public) return []
      return consumersOf(image, desired).filter((account) => shared.get(`${account} ${region}`)?.has(id) === false)
    },
  }
}

/** `account region` -> ids of images that were shared with the account by name, where that is known: a call for each. */
async function sharedIds(
  sites: readonly Site[],
  desired: Everywhere['desired'],
  at: Ports['at'],
  gaps: Gap[],
): Promise<ReadonlyMap<string, Set<string>>> {
  const consumers = [...new Set(Object.values(desired.images).flatMap((image) => consumersOf(image, desired)))].filter(
    (who) => /^\d{12}$/.test(who),
  )
  const shared = new Map<string, Set<string>>()
  const failed = new Set<string>()
  await Promise.all(
    sites
      .filter(({ publishes }) => publishes)
      .flatMap((site) =>
        consumers.map(async (account) => {
          const key = `${account} ${site.target.region}`
          const own: Gap[] = []
          const ids = await gapsInto(own, site)(
            `what is shared with ${account}`,
            at(site.target).publishing.idsSharedWith(account),
          )
          gaps.push(...own)
          if (own.length > 0) failed.add(key)
          shared.set(key, new Set([...(shared.get(key) ?? []), ...ids]))
        }),
      ),
  )
  return new Map([...shared].filter(([key]) => !failed.has(key)))
}
