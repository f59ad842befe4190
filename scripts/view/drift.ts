import { plural, table, wrap } from './text.ts'
import { driftExitCode, type Deletable, type DriftReport, type Finding } from '../core/drift/report.ts'

const verdicts = { 0: 'in sync', 2: 'DRIFTED', 3: 'NOT ALL COULD BE CHECKED' } as const

/** Drift as text, by environment; expected and actual on lines of their own, for they can be long. */
export function renderDrift(report: DriftReport): string {
  const drifted = report.findings.filter(({ type }) => type === 'drifted').length
  const unchecked = report.findings.filter(({ type }) => type === 'unchecked').length
  const expected = report.findings.length - drifted - unchecked
  const counts = [
    `${report.checked} checked`,
    drifted > 0 && `${drifted} drifted`,
    expected > 0 && `${expected} as expected`,
    unchecked > 0 && `${unchecked} unchecked`,
  ]
  return [
    `${verdicts[driftExitCode(report)]}: ${counts.filter(Boolean).join(', ')}`,
    ...report.environments.flatMap((environment) => section(environment, report.findings)),
    ...deletable(report.deletable ?? []),
  ].join('\n')
}

function section(environment: string, findings: readonly Finding[]): string[] {
  const own = findings.filter((finding) => finding.environment === environment)
  if (own.length === 0) return ['', `${environment}  in sync`]
  return ['', environment, ...own.flatMap(describe)]
}

const deletable = (images: readonly Deletable[]): string[] =>
  images.length === 0
    ? []
    : [
        '',
        `${plural(images.length, 'image')} that nothing refers to; make plan-clean-images tells more`,
        ...table(images.map(({ id, where, name }) => [`- ${id}`, where, name])),
      ]

const describe = (finding: Finding): string[] =>
  finding.type !== 'drifted'
    ? [
        `${finding.type === 'expected' ? '=' : '?'} ${finding.subject}`,
        ...wrap(finding.what, 76).map((line) => `    ${line}`),
      ]
    : [
        `! ${finding.subject}`,
        `    ${finding.what}`,
        `    expected  ${finding.expected}`,
        `    actual    ${finding.actual}`,
      ]

export const driftJson = (report: DriftReport): string =>
  JSON.stringify({ ...report, verdict: verdicts[driftExitCode(report)] }, null, 2)
