import { exitCodes } from '../../core/errors.ts'
import { sitesOf, type Site } from '../../core/distribution/sites.ts'
import type { ImageFacts } from '../../core/image/image-facts.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { leavingAccount, planUnshare, type Leaving, type Unsharing } from '../../core/share/plan-unshare.ts'
import { orUnchecked } from '../../engine/of-many.ts'
import { renderUnshared, renderUnshares, unshareAsData, type Unshares } from '../../view/distribution/unshare.ts'
import { desiredImages, publishedImages } from '../distribution/read-manifests.ts'

type UnshareSettings = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'NAME'>
type UnsharePorts = Pick<Ports, 'account' | 'at' | 'files' | 'terminal'>

/** Looks in every place that has images of ours, all at once; one that does not answer hides no other. */
async function plan(settings: UnshareSettings, ports: UnsharePorts): Promise<Unshares> {
  const [desired, manifest = {}] = await Promise.all([
    desiredImages(ports),
    publishedImages(ports),
    // Without credentials no place would answer, which is another matter than one that does not.
    ports.account.id(),
  ])
  const leaving = leavingAccount(settings.NAME, desired)
  const sites = sitesOf(desired, settings.REGION, Object.values(manifest).flatMap(Object.keys))
  const looks = await Promise.all(
    sites
      .filter(({ publishes, target }) => publishes && !('account' in target && target.account === leaving.account))
      .map(async (site) => ({ site, seen: await orUnchecked(lookAt(site, leaving, ports)) })),
  )
  const shared = looks.flatMap(({ site, seen }) => ('type' in seen ? [] : seen.map((image) => ({ site, image }))))
  return {
    leaving,
    plans: planUnshare(rigletOf(settings), leaving, desired, shared),
    unchecked: looks.flatMap(({ site, seen }) => ('type' in seen ? [{ title: site.title, why: seen.why }] : [])),
  }
}

async function lookAt({ target }: Site, { account }: Leaving, { at }: UnsharePorts): Promise<readonly ImageFacts[]> {
  const { publishing, images } = at(target)
  const ids = await publishing.idsSharedWith(account)
  return ids.length === 0 ? [] : images.describe(ids)
}

const show = (unshares: Unshares, settings: UnshareSettings, { terminal }: UnsharePorts): void =>
  terminal.show(
    wantsJson(settings) ? JSON.stringify(unshareAsData(unshares), null, 2) : renderUnshares(unshares, terminal),
  )

/** `make plan-unshare`: which images an account would be let in to no more, and which stay, and why. */
export async function planUnshares(settings: UnshareSettings, ports: UnsharePorts): Promise<number> {
  const unshares = await plan(settings, ports)
  show(unshares, settings, ports)
  return unshares.unchecked.length > 0 ? exitCodes.failed : exitCodes.ok
}

/**
 * `make unshare`: takes back from an account what images.yaml does not give it any more, in all regions; the only way a right
 * is taken back but for a revocation. Again: only what is left.
 * @throws RigletError NOT_FOUND | FILE
 */
export async function unshare(settings: UnshareSettings, ports: UnsharePorts): Promise<number> {
  const unshares = await plan(settings, ports)
  const quiet = wantsJson(settings)
  const toDo = unshares.plans.filter(({ why }) => why.length === 0)
  const failures = new Map<Unsharing, string>()
  if (toDo.length > 0) {
    if (!quiet) show(unshares, settings, ports)
    const { account } = unshares.leaving
    if (!(await ports.terminal.confirm(`Let ${account} launch from ${count(toDo)} no more?`))) return exitCodes.ok
    await Promise.all(
      toDo.map(async (one) => {
        const failure = await orUnchecked(takeBack(one, account, ports))
        if (failure !== undefined) failures.set(one, failure.why)
      }),
    )
  }
  ports.terminal.show(renderUnshared(unshares, failures, quiet))
  return unshares.unchecked.length > 0 || failures.size > 0 ? exitCodes.failed : exitCodes.ok
}

async function takeBack({ site, image }: Unsharing, account: string, { at }: UnsharePorts): Promise<undefined> {
  await at(site.target).publishing.withdraw(image.id, [account])
}

const count = ({ length }: readonly Unsharing[]): string => (length === 1 ? 'an image' : `${length} images`)
