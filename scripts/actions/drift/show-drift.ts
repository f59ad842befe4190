import { expectedFile, withExpected } from '../../core/drift/expected-drift.ts'
import { imagesPart, driftExitCode, type DriftReport } from '../../core/drift/report.ts'
import { isRigletError } from '../../core/errors.ts'
import type { Environment } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { driftJson, renderDrift } from '../../view/drift.ts'
import { checkDrift } from './check-drift.ts'
import { checkImages, type ImagesPart } from './check-images.ts'

type DriftSettings = Settings<'OWNER' | 'PROJECT' | 'REGION'>

/**
 * Shows what was changed by hand; the exit code says it to a scheduled job: 0 in sync or as expected, 2 drifted, 3
 * unchecked.
 */
export async function showDrift(settings: DriftSettings, ports: Ports): Promise<number> {
  const only = settings.ENV as Environment | undefined
  const text = await ports.files.readIfThere(expectedFile)
  const expected = text === undefined ? [] : (await import('../../core/drift/read-expected.ts')).readExpected(text)
  ports.terminal.progress([`Comparing ${only ?? 'all environments'} with the stacks ...`])
  const images = only === undefined ? checkImages(settings, ports) : Promise.resolve(undefined)
  images.catch(() => undefined)
  const asked = withImages(checkDrift({ riglet: rigletOf(settings), region: settings.REGION }, only, ports), images)
  const found = await asked.finally(() => ports.terminal.progress([]))
  const report = { ...found, findings: withExpected(found.findings, expected, ports.clock.now()) }
  ports.terminal.show(wantsJson(settings) ? driftJson(report) : renderDrift(report))
  return driftExitCode(report)
}

/** A riglet without stacks may publish images all the same. */
async function withImages(stacks: Promise<DriftReport>, images: Promise<ImagesPart | undefined>): Promise<DriftReport> {
  const [report, part] = await Promise.all([
    stacks.catch(async (error: unknown): Promise<DriftReport> => {
      if (!isRigletError(error, 'NOT_FOUND') || (await images) === undefined) throw error
      return { environments: [], checked: 0, findings: [] }
    }),
    images,
  ])
  if (part === undefined) return report
  return {
    environments: [...report.environments, imagesPart],
    checked: report.checked + part.checked,
    findings: [...report.findings, ...part.findings],
    deletable: part.deletable,
  }
}
