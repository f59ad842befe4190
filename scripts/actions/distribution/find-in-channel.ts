import { notInChannel } from '../../core/distribution/channel-errors.ts'
import { placesOf } from '../../core/distribution/place.ts'
import { aliasesOf } from '../../core/manifest/desired-images.ts'
import { chooseArchitecture } from '../../core/manifest/find-image.ts'
import { channelPath } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { readSettings, rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { desiredImages } from './read-manifests.ts'

/**
 * `make find-image CHANNEL=`: the AMI that a channel names, in one call of the account that publishes it (G34).
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
  const found = await ports.at(place?.target ?? { region }).parameters.values(path)
  if (found.size === 0) throw notInChannel(channel, image, region)
  const entries = [...found].map(([parameter, id]) => ({
    architecture: parameter.slice(path.length + 1),
    channel,
    id,
    parameter,
  }))
  const entry = chooseArchitecture({ image, region, architecture: settings.ARCH }, entries, `The channel ${channel}`)
  ports.terminal.show(wantsJson(settings) ? JSON.stringify(entry, null, 2) : entry.id)
}
