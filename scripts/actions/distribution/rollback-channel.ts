import { nothingBefore } from '../../core/distribution/channel-errors.ts'
import { allRevoked, planWayBack } from '../../core/distribution/channel.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { Settings } from '../../core/settings/settings.ts'
import { findPointers, lookAtPointers, moveChannel, type ChannelSettings } from './move-channel.ts'

/**
 * `make rollback-channel`: lets a channel name what it named before the release that was promoted last, place by place. Why
 * is kept beside the value. Each call goes back one release; one that was interrupted goes on where it was.
 * @throws RigletError IMAGE | NOT_FOUND | FILE
 */
export async function rollbackChannel(settings: ChannelSettings & Settings<'REASON'>, ports: Ports): Promise<number> {
  const { IMAGE: image, CHANNEL: channel } = settings
  const looks = await lookAtPointers(await findPointers(settings, ports), ports)
  const plans = planWayBack(looks, ports.clock.now(), settings.REASON)
  if (plans.every(({ move, unchecked }) => move === undefined && unchecked === undefined))
    throw nothingBefore(
      `${channel} of ${image}`,
      plans.some(({ fault }) => fault === allRevoked),
    )
  const change = { image, channel, title: `${image}  ${channel}  back to the release before`, plans }
  return moveChannel(change, `Take ${channel} of ${image} back?`, settings, ports)
}
