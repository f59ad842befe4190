/** What a drift check found. "unchecked" is kept apart from "in sync": silence is not health (B06). */
export type Finding =
  | {
      readonly type: 'drifted'
      readonly environment: string
      readonly subject: string
      readonly what: string
      readonly expected: string
      readonly actual: string
    }
  /** Differs, and is meant to: somebody said so. */
  | { readonly type: 'expected'; readonly environment: string; readonly subject: string; readonly what: string }
  | { readonly type: 'unchecked'; readonly environment: string; readonly subject: string; readonly what: string }

/** The part of the report that tells of images and who uses them. */
export const imagesPart = 'images'

export const unchecked = (environment: string, subject: string, what: string): Finding => ({
  type: 'unchecked',
  environment,
  subject,
  what,
})

export type DriftReport = {
  readonly environments: readonly string[]
  /** Resources, groups and instances that were compared. */
  readonly checked: number
  readonly findings: readonly Finding[]
  /** Images that nothing refers to (G25); no drift, but something to clean up. */
  readonly deletable?: readonly Deletable[]
}

export type Deletable = { readonly id: string; readonly name: string; readonly where: string }

/** 0 in sync or as expected, 2 drifted, 3 something could not be checked; drift weighs more, for it is certain. */
export function driftExitCode(report: DriftReport): 0 | 2 | 3 {
  if (report.findings.some((finding) => finding.type === 'drifted')) return 2
  return report.findings.some((finding) => finding.type === 'unchecked') ? 3 : 0
}
