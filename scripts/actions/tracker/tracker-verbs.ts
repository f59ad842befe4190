import { noTracker, nothingToSeed, trackerExists } from '../../core/tracker/errors.ts'
import { versionsIn } from '../../core/tracker/given.ts'
import { difference } from '../../core/tracker/difference.ts'
import { withBuilt, withoutBuilt, writeTracker, type Tracker } from '../../core/tracker/tracker.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { wantsJson, type Settings } from '../../core/settings/settings.ts'
import { renderDifference, renderLeftOut } from '../../view/feeds/feeds.ts'
import { readFeed } from '../feeds/read-feed.ts'
import { findFeed, type Found, type OfFeed } from './find-feed.ts'
import { findTracker, updateTracker } from './update-tracker.ts'

/** @throws RigletError TRACKER where there is none, or one with nothing in it (S20) */
export async function needTracker({ tracker, image }: Found): Promise<Tracker> {
  const found = await findTracker(tracker)
  const where = tracker.store.where(tracker.name)
  if (found === undefined || found.built.length === 0) throw noTracker(where, image, found !== undefined)
  return found
}

/** `make tracker-show`: what was built, as it is kept. */
export async function showTracker(settings: OfFeed, ports: Ports): Promise<void> {
  const tracker = await needTracker(await findFeed(settings, ports))
  ports.terminal.show(wantsJson(settings) ? JSON.stringify(tracker) : writeTracker(tracker).trimEnd())
}

/** `make tracker-seed`: what the feed offers now counts as built, so that only what is new will be (S19). */
export async function seedTracker(settings: OfFeed, ports: Ports): Promise<void> {
  const found = await findFeed(settings, ports)
  const { feed, architectures, tracker } = found
  const where = tracker.store.where(tracker.name)
  const refuseOthers = (kept: Tracker | undefined): void => {
    if (kept !== undefined && kept.built.length > 0) throw trackerExists(where, kept.built.length)
  }
  refuseOthers(await findTracker(tracker))
  const offer = await readFeed(feed, architectures, ports)
  renderLeftOut(offer.leftOut).forEach(ports.terminal.say)
  const built = offer.releases.map(({ version }) => ({ product: feed.product, version }))
  if (built.length === 0) throw nothingToSeed(feed.product, feed.url)
  await updateTracker(
    tracker,
    (kept) => {
      refuseOthers(kept)
      return withBuilt({ branch: tracker.branch, built: [] }, built, feed.kind)
    },
    ports,
  )
  ports.terminal.say(
    `${where} begins with ${built.length} ${built.length === 1 ? 'version' : 'versions'} of ${feed.product}.`,
  )
  ports.terminal.say(
    `One of them is to be built all the same: make tracker-remove IMAGE=${found.image} VERSION=${built.at(-1)!.version}`,
  )
}

type WithVersion = OfFeed & Settings<'VERSION'>

/** `make tracker-add` and `make tracker-remove`: a version counts as built, or does not any more. */
const change =
  (what: 'add' | 'remove') =>
  async (settings: WithVersion, ports: Ports): Promise<void> => {
    const versions = versionsIn(settings.VERSION)
    const found = await findFeed(settings, ports)
    const { feed, tracker } = found
    const some = versions.map((version) => ({ product: feed.product, version }))
    const before = await needTracker(found)
    const after = await updateTracker(
      tracker,
      (kept = before) => (what === 'add' ? withBuilt(kept, some, feed.kind) : withoutBuilt(kept, some)),
      ports,
    )
    const changed = (after?.built.length ?? 0) - before.built.length
    const where = tracker.store.where(tracker.name)
    if (changed === 0) ports.terminal.say(`${where} stays as it is.`)
    else ports.terminal.say(`${where}: ${what === 'add' ? 'added' : 'removed'} ${versions.join(', ')}`)
  }

export const addToTracker = change('add')
export const removeFromTracker = change('remove')

/** `make tracker-diff`: what the feed and the tracker have and the other has not. */
export async function diffTracker(settings: OfFeed, ports: Ports): Promise<void> {
  const found = await findFeed(settings, ports)
  const tracker = await needTracker(found)
  const offer = await readFeed(found.feed, found.architectures, ports)
  renderLeftOut(offer.leftOut).forEach(ports.terminal.say)
  const parts = difference(offer, tracker, found.feed)
  ports.terminal.show(wantsJson(settings) ? JSON.stringify(parts) : renderDifference(parts).join('\n'))
}
