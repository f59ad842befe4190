import { baseNames, usualBase } from '../../core/image/base.ts'
import { severalFailed } from '../../core/image/errors.ts'
import { wrongValue } from '../../core/tracker/errors.ts'
import { versionsIn } from '../../core/tracker/given.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { Settings } from '../../core/settings/settings.ts'
import { desiredImages } from '../distribution/read-manifests.ts'
import { architecturesOf, orderBake } from '../image/image-verbs.ts'
import type { OfFeed } from '../tracker/find-feed.ts'
import { bakeVersions } from './bake-versions.ts'

/**
 * `make build-version VERSION=`: what a person chooses, whatever feed and tracker say; neither is asked, and nothing is
 * written there (S17).
 * @throws RigletError SETTINGS | IMAGE | FILE | STACK_NEEDED
 */
export async function buildVersion(settings: OfFeed & Settings<'VERSION'>, ports: Ports): Promise<void> {
  const versions = versionsIn(settings.VERSION)
  const desired = (await desiredImages(ports)).images[settings.IMAGE]
  const bases = settings.BASE === undefined ? (desired?.feed?.bases ?? [usualBase]) : basesIn(settings.BASE)
  const architectures = architecturesOf(settings) ?? desired?.architectures
  const builds = versions.flatMap((version) => bases.map((base) => ({ version, base, architectures })))
  const onBuilt = (version: string): Promise<void> => Promise.resolve(ports.terminal.show(version))
  const failed = await bakeVersions(await orderBake(settings, ports), builds, onBuilt, ports)
  if (failed.length > 0) throw severalFailed(failed)
}

function basesIn(text: string): readonly string[] {
  const bases = [...new Set(text.split(','))]
  const unknown = bases.filter((base) => !baseNames.includes(base))
  if (unknown.length > 0)
    throw wrongValue(unknown.map((base) => `BASE: ${JSON.stringify(base)} is none of ${baseNames.join(', ')}`))
  return bases
}
