import { environments } from '../../core/names.ts'
import type { Ports } from '../../core/ports.ts'
import { rigletOf, type Settings } from '../../core/settings.ts'
import type { WantedStack } from '../../core/stack/wanted.ts'
import { templateFiles, wantedArtifacts, wantedFoundation } from '../../core/wanted-stacks.ts'

type RigletSettings = Settings<'OWNER' | 'PROJECT'>

export const wantedArtifactsOf = async (
  settings: RigletSettings,
  { files }: Pick<Ports, 'files'>,
): Promise<WantedStack> => wantedArtifacts(rigletOf(settings), await files.read(templateFiles.artifacts), settings)

/** Every environment's ground. */
export async function wantedFoundationsOf(
  settings: RigletSettings,
  { files }: Pick<Ports, 'files'>,
): Promise<WantedStack[]> {
  const template = await files.read(templateFiles.foundation)
  return environments.map((environment) => wantedFoundation(rigletOf(settings), environment, template, settings))
}
