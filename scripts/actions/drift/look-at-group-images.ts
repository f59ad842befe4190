import type { Gap } from '../../core/cleaning/findings.ts'
import type { SiteLook } from '../../core/cleaning/uses.ts'
import type { GroupImage } from '../../core/drift/images/user-drift.ts'
import type { GroupFacts } from '../../core/ports/fleet.ts'
import type { Ports, Regional } from '../../core/ports/ports.ts'
import { gapsInto } from '../cleaning/look-at-sites.ts'

/**
 * What every Auto Scaling group would launch its next instance from. Newest and default versions of launch templates are
 * known by now; only for another one a call is made, once for all groups that use it.
 */
export async function lookAtGroupImages(
  looks: readonly SiteLook[],
  { at }: Pick<Ports, 'at'>,
): Promise<{ readonly images: readonly GroupImage[]; readonly gaps: readonly Gap[] }> {
  const gaps: Gap[] = []
  const images = await Promise.all(
    looks.map((look) => gapsInto(gaps, look.site)('its Auto Scaling groups', groupImages(look, at(look.site.target)))),
  )
  return { images: images.flat(), gaps }
}

async function groupImages({ site, templates }: SiteLook, { fleet }: Regional): Promise<readonly GroupImage[]> {
  const asked = new Map<string, Promise<string | undefined>>()
  const imageOf = ({ id, version }: NonNullable<GroupFacts['launchTemplate']>): Promise<string | undefined> => {
    const own = templates.filter((template) => template.id === id)
    const newest = own.toSorted((one, other) => Number(other.version) - Number(one.version))[0]
    const found =
      version === '$Latest'
        ? newest
        : own.find((template) => (version === '$Default' ? template.isDefault : template.version === version))
    if (found !== undefined) return Promise.resolve(found.image)
    const key = `${id} ${version}`
    const answer =
      asked.get(key) ??
      fleet.template(id, version).then((facts) => (facts.type === 'version' ? facts.image : undefined))
    asked.set(key, answer)
    return answer
  }
  const groups = await fleet.allGroups()
  const found = await Promise.all(
    groups.map(async ({ name, launchTemplate }) => ({
      site,
      name,
      image: launchTemplate === null ? undefined : await imageOf(launchTemplate),
    })),
  )
  return found.flatMap(({ image, ...group }) => (image === undefined ? [] : [{ ...group, image }]))
}
