import { everybody } from '../../core/distribution/place.ts'
import { sitesOf, type Site } from '../../core/distribution/sites.ts'
import { ancestorsIn, descendantsOf, isAlive, originOf, type Located } from '../../core/lineage/family.ts'
import { tagsOf } from '../../core/names.ts'
import type { Desired } from '../../core/manifest/desired-images.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { noSuchFamily } from '../../core/revocation/errors.ts'
import type { Member } from '../../core/lineage/plan-revocation.ts'
import { revocationOf, type Revocation } from '../../core/revocation/revocation.ts'
import type { Unchecked } from '../../core/lineage/uses.ts'
import { rigletOf, type Settings } from '../../core/settings/settings.ts'
import { orUnchecked } from '../../engine/of-many.ts'
import { desiredImages, publishedImages } from '../distribution/read-manifests.ts'
import { lookEverywhere } from '../lineage/look-everywhere.ts'

export type RevocationSettings = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'IMAGE_ID'>

/** An image with all its copies, and all that was made of any of them, wherever that lies. */
export type Family = {
  /** The image itself: of copies the one that they are of. It may be gone. */
  readonly root: string
  readonly members: readonly Member[]
  /** Ids of all of them, also of those that are gone. */
  readonly ids: ReadonlySet<string>
  readonly ancestorsOf: (id: string) => ReadonlySet<string>
  /** What is said of images anywhere, this one or others. */
  readonly revocations: readonly Revocation[]
  readonly sites: readonly Site[]
  readonly ours: readonly Located[]
  readonly desired: Desired
  readonly unchecked: readonly Unchecked[]
}

/**
 * Finds them in all places, and with whom each is shared. What cannot be looked at is unchecked.
 * @throws RigletError NOT_FOUND | FILE
 */
export async function findFamily(
  settings: RevocationSettings,
  ports: Pick<Ports, 'account' | 'at' | 'files'>,
): Promise<Family> {
  const { IMAGE_ID: id, REGION: region } = settings
  const [desired, manifest = {}] = await Promise.all([
    desiredImages(ports),
    publishedImages(ports),
    // Without credentials no place would answer, which is another matter than one that does not.
    ports.account.id(),
  ])
  const sites = sitesOf(desired, region, Object.values(manifest).flatMap(Object.keys))
  const { images, others, kin, unchecked } = await lookEverywhere(sites, ports)
  const facts = images.map(({ image }) => image)
  const root = originOf(id, facts)
  const revocations = [...images, ...others].flatMap(({ image }) => revocationOf(image.tags) ?? [])
  const ids = new Set([root, ...descendantsOf([root], kin)])
  const own = images.filter(({ image }) => ids.has(image.id) && isAlive(image))
  const foreign = facts.some((image) => image.id === root) ? [] : await othersImage(root, others, sites[0]!, ports)
  if (own.length === 0 && foreign.length === 0 && !revocations.some((one) => one.root === root))
    throw noSuchFamily(
      id,
      unchecked.map(({ what, why }) => `${what}: ${why}`),
    )
  const shared = await Promise.all(own.map((one) => withConsumers(one, ports)))
  const riglet = Object.entries(tagsOf(rigletOf(settings)))
  return {
    root,
    ids,
    // What is marked needs no more than the right to mark; whom it is shared with is then found by another run.
    members: [...foreign, ...shared.map((one, index) => ('type' in one ? { ...own[index]!, shared: [] } : one))],
    ancestorsOf: ancestorsIn(kin),
    revocations,
    sites,
    ours: images.filter(({ image }) => riglet.every(([key, value]) => image.tags[key] === value)),
    desired,
    unchecked: [
      ...unchecked,
      ...shared.flatMap((one, index) =>
        'type' in one ? [{ what: `${own[index]!.image.id} in ${own[index]!.site.title}`, why: one.why }] : [],
      ),
    ],
  }
}

/** Somebody else's image, such as a base: whoever may see it may tag it, for themselves alone. */
async function othersImage(
  id: string,
  known: readonly Located[],
  home: Site,
  { at }: Pick<Ports, 'at'>,
): Promise<readonly Member[]> {
  const found = known.filter(({ image }) => image.id === id)
  if (found.length > 0) return found.map((one) => ({ ...one, shared: [] }))
  const asked = await orUnchecked(at(home.target).images.describe([id]))
  return 'type' in asked ? [] : asked.map((image) => ({ site: home, image, shared: [] }))
}

const withConsumers = ({ site, image }: Located, { at }: Pick<Ports, 'at'>) =>
  orUnchecked(
    at(site.target)
      .publishing.sharedWith(image.id)
      .then((consumers): Member => ({
        site,
        image,
        shared: [...consumers, ...(image.public === true ? [everybody] : [])],
      })),
  )
