import { artifacts } from '../../core/layers/artifacts.ts'
import { foundation } from '../../core/layers/foundation.ts'
import { wantedStack } from '../../core/layers/layer.ts'
import { environments } from '../../core/names.ts'
import type { Ports } from '../../core/ports.ts'
import { rigletOf, type Settings } from '../../core/settings.ts'
import type { WantedStack } from '../../core/stack/wanted.ts'

type RigletSettings = Settings<'OWNER' | 'PROJECT'>

export const wantedArtifactsOf = async (
  settings: RigletSettings,
  { files }: Pick<Ports, 'files'>,
): Promise<WantedStack> =>
  wantedStack(artifacts, { riglet: rigletOf(settings) }, await files.read(artifacts.template), settings)

/** Every environment's ground. */
export async function wantedFoundationsOf(
  settings: RigletSettings,
  { files }: Pick<Ports, 'files'>,
): Promise<WantedStack[]> {
  const [riglet, template] = [rigletOf(settings), await files.read(foundation.template)]
  return environments.map((environment) => wantedStack(foundation, { riglet, environment }, template, settings))
}
