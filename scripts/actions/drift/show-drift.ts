import { driftExitCode } from '../../core/drift/report.ts'
import type { Environment } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { driftJson, renderDrift } from '../../view/drift.ts'
import { checkDrift } from './check-drift.ts'

/** Shows what was changed by hand; the exit code says it to a scheduled job: 0 in sync, 2 drifted, 3 unchecked. */
export async function showDrift(settings: Settings<'OWNER' | 'PROJECT' | 'REGION'>, ports: Ports): Promise<number> {
  const only = settings.ENV as Environment | undefined
  ports.terminal.progress([`Comparing ${only ?? 'all environments'} with the stacks ...`])
  const asked = checkDrift({ riglet: rigletOf(settings), region: settings.REGION }, only, ports)
  const report = await asked.finally(() => ports.terminal.progress([]))
  ports.terminal.show(wantsJson(settings) ? driftJson(report) : renderDrift(report))
  return driftExitCode(report)
}
