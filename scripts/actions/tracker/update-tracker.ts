import { neverWritten } from '../../core/tracker/errors.ts'
import { readTracker, writeTracker, type Tracker } from '../../core/tracker/tracker.ts'
import type { TrackerStore } from '../../core/ports/feeds/trackers.ts'
import type { Ports } from '../../core/ports/ports.ts'

/** A tracker in its store. */
export type Located = { readonly store: TrackerStore; readonly name: string; readonly branch: string }

/** @throws RigletError TRACKER */
export async function findTracker({ store, name, branch }: Located): Promise<Tracker | undefined> {
  const kept = await store.read(name)
  return kept === undefined ? undefined : readTracker(store.where(name), kept.text, branch)
}

/** One of as many writers as there are is written each time, so each comes to its turn. */
const mostTries = 200

/**
 * Changes a tracker, however many others do at the same time: what they wrote is read and changed, never replaced (S14).
 * `change` answers undefined where nothing is to be written.
 * @throws RigletError TRACKER
 */
export async function updateTracker(
  located: Located,
  change: (tracker: Tracker | undefined) => Tracker | undefined,
  { clock }: Pick<Ports, 'clock'>,
): Promise<Tracker | undefined> {
  const { store, name, branch } = located
  for (let tries = 0; tries < mostTries; tries += 1) {
    const kept = await store.read(name)
    const found = kept === undefined ? undefined : readTracker(store.where(name), kept.text, branch)
    const changed = change(found)
    if (changed === undefined) return found
    const text = writeTracker(changed)
    if (text === kept?.text || (await store.write(name, text, kept?.token)) === 'written') return changed
    await clock.sleep(Math.min(50 * (tries + 1), 1000))
  }
  throw neverWritten(store.where(name), mostTries)
}
