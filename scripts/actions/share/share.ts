import { exitCodes } from '../../core/errors.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { commitTagOf, rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { chooseImages, type Choice } from '../../core/share/choose-images.ts'
import { localShares } from '../../core/share/local-share.ts'
import { planShare, type SharePlan } from '../../core/share/plan-share.ts'
import { renderShared, renderShares, shareAsData, type Sharing } from '../../view/distribution/share.ts'
import { desiredImages } from '../distribution/read-manifests.ts'
import { lookAtConsumers } from './look-at-consumers.ts'
import { lookAtKeys, lookAtSources } from './look-at-sources.ts'
import { runShares } from './run-shares.ts'

type ShareSettings = Settings<'OWNER' | 'PROJECT' | 'REGION'>
type SharePorts = Pick<Ports, 'at' | 'clock' | 'files' | 'terminal'>

async function plan(settings: ShareSettings, ports: Pick<SharePorts, 'at' | 'files'>): Promise<Sharing> {
  const desired = await desiredImages(ports)
  const shares = localShares(desired, settings.REGION, settings.NAME)
  const { COMMIT: commit } = settings
  const one = commit === undefined ? undefined : { commit, tag: commitTagOf(settings) }
  const choice = chooseImages(shares, await lookAtSources(shares, ports), one)
  return { ...choice, plans: await planAll(choice, settings, ports), one }
}

async function planAll(
  { chosen }: Choice,
  settings: ShareSettings,
  ports: Pick<SharePorts, 'at'>,
): Promise<readonly SharePlan[]> {
  const keysAt = await lookAtKeys(chosen, ports)
  const known = chosen.flatMap((one) => {
    const keys = keysAt(one.local)
    return 'type' in keys ? [] : [{ ...one, keys }]
  })
  const seenBy = await lookAtConsumers(known, ports)
  return chosen.map((one) => {
    const keys = keysAt(one.local)
    return 'type' in keys
      ? { chosen: one, steps: [], unchecked: keys.why }
      : planShare(one, keys, seenBy(one.consumer.target), rigletOf(settings))
  })
}

/** Something stands in the way, could not be looked at, or is not there though it was asked for by its commit. */
const isTroubled = ({ plans, gaps, one }: Sharing): boolean =>
  plans.some(({ fault, unchecked }) => fault !== undefined || unchecked !== undefined) ||
  gaps.some(({ state }) => state !== 'not available' || one !== undefined)

function show(sharing: Sharing, settings: ShareSettings, { terminal }: Pick<SharePorts, 'terminal'>): void {
  terminal.show(
    wantsJson(settings) ? JSON.stringify(shareAsData(sharing), null, 2) : renderShares(sharing, terminal).join('\n'),
  )
}

/** `make plan-share`: who would be let in to which images, and what they would be tagged with there; nothing is changed (A21). */
export async function planShares(settings: ShareSettings, ports: SharePorts): Promise<number> {
  const sharing = await plan(settings, ports)
  show(sharing, settings, ports)
  return isTroubled(sharing) ? exitCodes.failed : exitCodes.ok
}

/**
 * `make share`: lets the accounts of images.yaml launch from the images that it names, and tags these there as they are
 * tagged here (A05, A06, A07). What fails in one account holds no other one back; again: only what is missing (A18, A21).
 * @throws RigletError IMAGE | NOT_FOUND | FILE
 */
export async function share(settings: ShareSettings, ports: SharePorts): Promise<number> {
  const sharing = await plan(settings, ports)
  const quiet = wantsJson(settings)
  const toDo = sharing.plans.filter(({ steps }) => steps.length > 0)
  let failures: ReadonlyMap<SharePlan, string> = new Map()
  if (toDo.length > 0) {
    if (!quiet) show(sharing, settings, ports)
    if (!(await ports.terminal.confirm(question(toDo)))) return exitCodes.ok
    failures = await runShares(toDo, ports)
  }
  ports.terminal.show(renderShared(sharing, failures, quiet))
  return isTroubled(sharing) || failures.size > 0 ? exitCodes.failed : exitCodes.ok
}

const question = (plans: readonly SharePlan[]): string => {
  const count = (what: (plan: SharePlan) => string): number => new Set(plans.map(what)).size
  const [images, accounts] = [count(({ chosen }) => chosen.image.id), count(({ chosen }) => chosen.consumer.account)]
  return `Share ${images === 1 ? 'an image' : `${images} images`} with ${accounts === 1 ? 'an account' : `${accounts} accounts`}?`
}
