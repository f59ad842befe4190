import { needsRole, targetName, type Target } from '../access/target.ts'
import type { Desired } from '../manifest/desired-images.ts'
import { placesOf } from './place.ts'

/** An account in a region, where images of the riglet lie or may be used. */
export type Site = {
  readonly target: Target
  readonly region: string
  /** As messages name it. */
  readonly title: string
  /** Images of the riglet may lie here; elsewhere they are only used. */
  readonly publishes: boolean
}

/**
 * Every account of images.yaml that can be asked, and the riglet's own, in each region where an image is meant to be or
 * where a manifest has one (`more`). An account that says its regions is asked in these alone.
 */
export function sitesOf(
  { accounts, images, shares }: Desired,
  home: string,
  more: readonly string[] = [],
): readonly Site[] {
  const all = Object.values(images)
  const places = all.flatMap((image) => placesOf(image, { accounts }, home))
  const regions = [...new Set([home, ...places.map(({ region }) => region), ...more])]
  const publishers = new Set([...all.map(({ account }) => account), ...Object.values(shares).map(({ from }) => from)])
  const own = regions.map((region): Target => ({ region }))
  const others = Object.entries(accounts).flatMap(([name, { account, role, externalId, regions: its = regions }]) =>
    role === undefined
      ? []
      : its.map((region) => ({
          publishes: publishers.has(name),
          target: { region, account, role, ...(externalId === undefined ? {} : { externalId }) },
        })),
  )
  const sites = [...own.map((target) => ({ target, publishes: true })), ...others]
  return sites.map((site) => ({ ...site, region: site.target.region, title: targetName(site.target) }))
}

export const isOwn = ({ target }: Site): boolean => !needsRole(target)
