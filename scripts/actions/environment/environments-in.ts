import { environmentsFile, type Environments } from '../../core/environments/app-settings.ts'
import type { Ports } from '../../core/ports/ports.ts'

/**
 * What environments.yaml says; undefined without one, and then nothing is loaded for it.
 * @throws RigletError SETTINGS with every fault
 */
export async function environmentsIn({ files }: Pick<Ports, 'files'>): Promise<Environments | undefined> {
  const text = await files.readIfThere(environmentsFile)
  if (text === undefined) return undefined
  return (await import('../../core/environments/read-environments.ts')).readEnvironments(text)
}
