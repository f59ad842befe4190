import { rigletName } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { rigletOf, type Settings } from '../../core/settings/settings.ts'
import { environmentsIn } from '../environment/environments-in.ts'

/**
 * Reading them has named every fault already; what is left is environments.yaml, and whether AWS knows us.
 * @throws RigletError SETTINGS
 */
export async function checkSettings(
  settings: Settings<'OWNER' | 'PROJECT' | 'REGION'>,
  { terminal, account, files }: Pick<Ports, 'terminal' | 'account' | 'files'>,
): Promise<void> {
  await environmentsIn({ files })
  const id = await account.id()
  terminal.show(`${rigletName(rigletOf(settings))} in account ${id}, region ${settings.REGION}: settings are complete.`)
}
