import type { Ports } from '../../core/ports/ports.ts'
import { rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { renderStatus } from '../../view/status.ts'
import { rigletStatus } from './riglet-status.ts'

/** Shows the riglet at a glance. */
export async function showStatus(settings: Settings<'OWNER' | 'PROJECT' | 'REGION'>, ports: Ports): Promise<void> {
  const status = await rigletStatus(rigletOf(settings), settings.REGION, ports)
  ports.terminal.show(wantsJson(settings) ? JSON.stringify(status, null, 2) : renderStatus(status))
}
