import { filterFaults } from '../../core/tracker/given.ts'
import { noFeed, wrongValue } from '../../core/tracker/errors.ts'
import { trackerPlace } from '../../core/tracker/place.ts'
import { trackerName } from '../../core/tracker/tracker.ts'
import type { Feed } from '../../core/feeds/feed.ts'
import { stackName } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { rigletOf, type Settings } from '../../core/settings/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { needOutput } from '../../engine/own-stacks.ts'
import { desiredImages } from '../distribution/read-manifests.ts'
import type { Located } from './update-tracker.ts'

export type OfFeed = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'REPO' | 'BRANCH' | 'IMAGE'>

export type Found = {
  readonly image: string
  readonly feed: Feed
  readonly architectures: readonly string[]
  readonly tracker: Located
}

/**
 * The feed of IMAGE, with what was typed in its place, and where its tracker is kept.
 * @throws RigletError FEED | FILE | SETTINGS | STACK_NEEDED
 */
export async function findFeed(settings: OfFeed, ports: Pick<Ports, 'files' | 'stacks' | 'trackers'>): Promise<Found> {
  const { IMAGE: image, REPO, BRANCH, FEED_URL, PRODUCT, MAJOR } = settings
  const faults = filterFaults({ FEED_URL, PRODUCT, MAJOR })
  if (faults.length > 0) throw wrongValue(faults)
  const { images } = await desiredImages(ports)
  const desired = images[image]
  if (desired?.feed === undefined)
    throw noFeed(
      image,
      Object.values(images).flatMap((one) => (one.feed === undefined ? [] : [one.name])),
    )
  const feed = {
    ...desired.feed,
    ...(FEED_URL === undefined ? {} : { url: FEED_URL }),
    ...(PRODUCT === undefined ? {} : { product: PRODUCT }),
    ...(MAJOR === undefined ? {} : { major: MAJOR }),
  }
  const store = await ports.trackers.open(
    settings.TRACKER === undefined
      ? { type: 's3', bucket: await artifactBucket(settings, ports) }
      : trackerPlace(settings.TRACKER),
  )
  const tracker = { store, name: trackerName(REPO, BRANCH, image), branch: BRANCH }
  return { image, feed, architectures: desired.architectures, tracker }
}

const artifactBucket = async (settings: OfFeed, ports: Pick<Ports, 'stacks'>): Promise<string> =>
  settings.ARTIFACTS_BUCKET ??
  needOutput(stackName.artifacts(rigletOf(settings)), marksOf(rigletOf(settings)), 'ArtifactBucket', ports)
