import type { Finding } from './report.ts'

/** Differences that somebody means to be there for a while. In the root of the checkout; it may be missing. */
export const expectedFile = 'expected-drift.yaml'

export type ExpectedDrift = {
  /** As the report names it; * stands for any characters. */
  readonly subject: string
  /** undefined: whichever part of the report it stands in. */
  readonly environment?: string
  /** The last day, in UTC: 2026-12-24. */
  readonly until: string
  readonly reason: string
}

const holds = ({ subject, environment }: ExpectedDrift, finding: Finding): boolean => {
  const parts = subject.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
  return (
    (environment === undefined || environment === finding.environment) &&
    new RegExp(`^${parts.join('.*')}$`, 's').test(finding.subject)
  )
}

/**
 * Findings of which some are expected. What is past its day is drift again, and says so; what could not be checked stays
 * unchecked, for nobody knows what it would be (B06).
 */
export const withExpected = (
  findings: readonly Finding[],
  expected: readonly ExpectedDrift[],
  now: Date,
): readonly Finding[] =>
  findings.map((finding) => {
    if (finding.type !== 'drifted') return finding
    const all = expected.filter((one) => holds(one, finding))
    const today = now.toISOString().slice(0, 10)
    const valid = all.find(({ until }) => until >= today)
    const { environment, subject, what, actual } = finding
    if (valid !== undefined)
      return {
        type: 'expected',
        environment,
        subject,
        what: `${what}: ${actual}; until ${valid.until}: ${valid.reason}`,
      }
    const past = all[0]
    return past === undefined ? finding : { ...finding, what: `${what}; it was expected until ${past.until} only` }
  })
