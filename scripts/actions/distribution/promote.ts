import { milestoneTaken, notCommitted } from '../../core/distribution/channel-errors.ts'
import { firstOfMilestone, planPromotion } from '../../core/distribution/channel.ts'
import { releaseOf } from '../../core/distribution/release.ts'
import { desiredFile } from '../../core/manifest/desired-images.ts'
import { manifestFile } from '../../core/manifest/manifest.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { ChannelChange } from '../../view/distribution/channel.ts'
import { findPointers, lookAtPointers, moveChannel, showChannel, type ChannelSettings } from './move-channel.ts'

/** What the tag that is checked out says of the image, minus what the channel names already. */
async function plan(settings: ChannelSettings, ports: Ports): Promise<ChannelChange> {
  const { IMAGE: image, CHANNEL: channel } = settings
  const [tags, changed] = await Promise.all([ports.git.tags(), ports.git.changed([manifestFile, desiredFile])])
  const release = releaseOf(tags, settings.MILESTONE)
  if (changed.length > 0) throw notCommitted(changed, release.tag)
  const looks = await lookAtPointers(await findPointers(settings, ports), ports)
  const first = firstOfMilestone(looks, release)
  if (first !== undefined) throw milestoneTaken(`${channel} of ${image}`, release.milestone, first.tag, release.tag)
  const now = ports.clock.now()
  const title = `${image}  ${channel}  release ${release.tag} of milestone ${release.milestone}`
  return { image, channel, title, plans: looks.map((look) => planPromotion(look, release, now)) }
}

/**
 * `make plan-promote`: where a channel would name another image.
 * @throws RigletError IMAGE | NOT_FOUND | FILE
 */
export async function planPromote(settings: ChannelSettings, ports: Ports): Promise<number> {
  return showChannel(await plan(settings, ports), settings, ports)
}

/**
 * `make promote`: lets a channel name, wherever the image is published, what the manifest of the release has there (G18). A
 * milestone has one release (G19); the same one again does only what is missing.
 * @throws RigletError IMAGE | NOT_FOUND | FILE
 */
export async function promote(settings: ChannelSettings, ports: Ports): Promise<number> {
  const change = await plan(settings, ports)
  return moveChannel(change, `Promote ${settings.IMAGE} to ${settings.CHANNEL}?`, settings, ports)
}
