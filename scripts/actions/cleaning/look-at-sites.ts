import type { Gap } from '../../core/cleaning/findings.ts'
import type { SiteLook } from '../../core/cleaning/uses.ts'
import type { Site } from '../../core/distribution/sites.ts'
import { parameterPath, tagsOf, type Riglet } from '../../core/names.ts'
import type { Ports, Regional } from '../../core/ports/ports.ts'
import { orUnchecked } from '../../engine/of-many.ts'

/** Looks at all of them at once. What one does not tell is a gap, and hides nothing of the others. */
export const lookAtSites = (
  riglet: Riglet,
  sites: readonly Site[],
  { at }: Pick<Ports, 'at'>,
): Promise<readonly SiteLook[]> => Promise.all(sites.map((site) => lookAt(riglet, site, at(site.target))))

async function lookAt(riglet: Riglet, site: Site, there: Regional): Promise<SiteLook> {
  const gaps: Gap[] = []
  const told = gapsInto(gaps, site)
  const none = Promise.resolve([])
  const [images, snapshots, instances, templates, channels] = await Promise.all([
    told('its images', site.publishes ? there.images.owned({}) : none, { copies: true }),
    told('its snapshots', site.publishes ? there.retirement.snapshots(tagsOf(riglet)) : none),
    told('its instances', there.imageUses.instances()),
    told('its launch templates', there.imageUses.templates()),
    told('its channels', site.publishes ? channelsOf(riglet, there) : none),
  ])
  // Whose images are not known has no snapshot that nobody uses.
  return { site, images, snapshots: gaps.length > 0 ? [] : snapshots, instances, templates, channels, gaps }
}

/** Answers nothing in the place of what could not be read, and keeps that as a gap. */
export const gapsInto =
  (gaps: Gap[], { title, target: { region } }: Pick<Site, 'title' | 'target'>) =>
  async <Item>(
    what: string,
    asked: Promise<readonly Item[]>,
    more: Pick<Gap, 'copies'> = {},
  ): Promise<readonly Item[]> => {
    const answer = await orUnchecked(asked.then((items) => ({ type: 'seen' as const, items })))
    if (answer.type === 'seen') return answer.items
    gaps.push({ region, what: `${title} does not tell ${what}: ${answer.why}`, ...more })
    return []
  }

/** Every channel of the riglet there, each with all that it named. */
async function channelsOf(riglet: Riglet, { parameters }: Regional): Promise<SiteLook['channels']> {
  const path = parameterPath(riglet, 'channel')
  const names = [...(await parameters.values(path)).keys()]
  return Promise.all(
    names.map(async (name) => ({ name: name.slice(path.length + 1), history: await parameters.history(name) })),
  )
}
