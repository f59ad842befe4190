import { rigletName } from '../../core/names.ts'
import type { Ports } from '../../core/ports.ts'
import { rigletOf, type Settings } from '../../core/settings.ts'

/** Reading them has named every fault already; what is left is whether AWS knows us. */
export async function checkSettings(
  settings: Settings<'OWNER' | 'PROJECT' | 'REGION'>,
  { terminal, account }: Pick<Ports, 'terminal' | 'account'>,
): Promise<void> {
  const id = await account.id()
  terminal.show(`${rigletName(rigletOf(settings))} in account ${id}, region ${settings.REGION}: settings are complete.`)
}
