import { notInChannel } from '../../core/distribution/channel-errors.ts'
import { placesOf } from '../../core/distribution/place.ts'
import { aliasesOf } from '../../core/manifest/desired-images.ts'
import { chooseArchitecture } from '../../core/manifest/find-image.ts'
import { channelPath } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { imageRevoked } from '../../core/revocation/errors.ts'
import { revocationOf } from '../../core/revocation/revocation.ts'
import { orUnchecked } from '../../engine/of-many.ts'
import { readSettings, rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { desiredImages } from './read-manifests.ts'

/**
 * `make find-image CHANNEL=`: the AMI that a channel names, as the account that publishes it has it (G34). One that is revoked is refused.
 * @throws RigletError NOT_FOUND | FILE | SETTINGS
 */
export async function findInChannel(
  settings: Settings<'IMAGE' | 'REGION' | 'CHANNEL'>,
  ports: Pick<Ports, 'at' | 'files' | 'terminal'>,
): Promise<void> {
  const { CHANNEL: channel, REGION: region, OWNER, PROJECT } = settings
  const riglet = rigletOf(readSettings(['OWNER', 'PROJECT'], { OWNER, PROJECT }, undefined))
  const desired = await desiredImages(ports)
  const image = aliasesOf(desired)[settings.IMAGE] ?? settings.IMAGE
  const known = desired.images[image]
  const [place] = known === undefined ? [] : placesOf({ ...known, regions: [region] }, desired, region)
  const path = channelPath(riglet, channel, image)
  const there = ports.at(place?.target ?? { region })
  const found = await there.parameters.values(path)
  if (found.size === 0) throw notInChannel(channel, image, region)
  const entries = [...found].map(([parameter, id]) => ({
    architecture: parameter.slice(path.length + 1),
    channel,
    id,
    parameter,
  }))
  const entry = chooseArchitecture({ image, region, architecture: settings.ARCH }, entries, `The channel ${channel}`)
  const asked = await orUnchecked(there.images.describe([entry.id]))
  if ('type' in asked) ports.terminal.say(`Not checked whether ${entry.id} is revoked: ${asked.why}`)
  const revocation = 'type' in asked ? undefined : asked.flatMap(({ tags }) => revocationOf(tags) ?? [])[0]
  if (revocation !== undefined)
    throw imageRevoked(
      entry.id,
      revocation,
      `Take the channel back: make rollback-channel IMAGE=${image} CHANNEL=${channel} REASON="..."`,
    )
  ports.terminal.show(wantsJson(settings) ? JSON.stringify(entry, null, 2) : entry.id)
}
