import { severalFailed } from '../../core/image/errors.ts'
import { cellsOf, planNightly, type NightlyPlan } from '../../core/tracker/plan-nightly.ts'
import { withBuilt } from '../../core/tracker/tracker.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { wantsJson } from '../../core/settings/settings.ts'
import { renderLeftOut, renderNightly } from '../../view/feeds/feeds.ts'
import { readFeed } from '../feeds/read-feed.ts'
import { orderBake } from '../image/image-verbs.ts'
import { findFeed, type Found, type OfFeed } from '../tracker/find-feed.ts'
import { needTracker } from '../tracker/tracker-verbs.ts'
import { updateTracker } from '../tracker/update-tracker.ts'
import { bakeVersions } from './bake-versions.ts'

type Looked = { readonly found: Found; readonly plan: NightlyPlan; readonly lines: readonly string[] }

/**
 * The tracker is looked at first: without one the repository is not even asked.
 * @throws RigletError TRACKER (S20) | FEED | FILE | SETTINGS | STACK_NEEDED
 */
async function look(settings: OfFeed, ports: Ports): Promise<Looked> {
  const found = await findFeed(settings, ports)
  const { feed, architectures, tracker } = found
  const kept = await needTracker(found)
  const offer = await readFeed(feed, architectures, ports)
  renderLeftOut(offer.leftOut).forEach(ports.terminal.say)
  const plan = planNightly(offer, kept, feed)
  return { found, plan, lines: renderNightly(plan, feed, tracker.store.where(tracker.name)) }
}

/** `make plan-nightly`: feed, built, delta and the matrix; nothing is built or written. */
export async function planNightlyVerb(settings: OfFeed, ports: Ports): Promise<void> {
  const { plan, lines } = await look(settings, ports)
  const { missing, built, gone, builds } = plan
  const data = { built, missing, gone, matrix: cellsOf(builds) }
  ports.terminal.show(wantsJson(settings) ? JSON.stringify(data) : lines.join('\n'))
}

/**
 * `make nightly`: builds what is new. Nothing new is success, and starts nothing (S07).
 * @throws RigletError IMAGE with all that failed, once all the rest was built; the next run tries them again
 */
export async function nightly(settings: OfFeed, ports: Ports): Promise<void> {
  const { found, plan, lines } = await look(settings, ports)
  const { feed, tracker } = found
  lines.forEach(ports.terminal.say)
  if (plan.builds.length === 0) return ports.terminal.say(`Nothing is new: nothing is built.`)
  const onBuilt = async (version: string): Promise<void> => {
    const built = [{ product: feed.product, version }]
    await updateTracker(
      tracker,
      (kept = { branch: tracker.branch, built: [] }) => withBuilt(kept, built, feed.kind),
      ports,
    )
    ports.terminal.show(`${feed.product} ${version}`)
  }
  const failed = await bakeVersions(await orderBake(settings, ports), plan.builds, onBuilt, ports)
  if (failed.length > 0) throw severalFailed(failed)
}
