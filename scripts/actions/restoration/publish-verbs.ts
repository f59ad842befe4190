import type { Ports } from '../../core/ports/ports.ts'
import { readSettings, type Settings } from '../../core/settings/settings.ts'
import type { DistributionSettings } from '../distribution/choose.ts'
import { planPublish, publish } from '../distribution/publish.ts'
import { planRestore, restore } from './restore.ts'

export type PublishSettings = Settings<'OWNER' | 'PROJECT' | 'REGION'>

/** The newest candidate of IMAGE, or what MANIFEST says. */
const either = (
  settings: PublishSettings,
  ofImage: (settings: DistributionSettings) => Promise<number>,
  ofManifest: (settings: PublishSettings & Settings<'MANIFEST'>) => Promise<number>,
): Promise<number> => {
  const { MANIFEST, IMAGE } = settings
  if (MANIFEST !== undefined) return ofManifest({ ...settings, MANIFEST })
  return ofImage({ ...settings, ...readSettings(['IMAGE'], { IMAGE }, undefined) })
}

export const planPublishVerb = (settings: PublishSettings, ports: Ports): Promise<number> =>
  either(
    settings,
    (own) => planPublish(own, ports),
    (own) => planRestore(own, ports),
  )

export const publishVerb = (settings: PublishSettings, ports: Ports): Promise<number> =>
  either(
    settings,
    (own) => publish(own, ports),
    (own) => restore(own, ports),
  )
