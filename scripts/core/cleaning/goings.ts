import type { ImageFacts } from '../image/image-facts.ts'
import type { UsageReport } from '../ports/cleaning/image-uses.ts'
import type { CleaningRules } from './findings.ts'
import { revocationOf } from '../revocation/revocation.ts'
import { days, failedStates } from './reasons.ts'

/** What is done to an image that goes, in this order. Each is safe to repeat. */
export type CleaningStep =
  /** EC2 finds out whether other accounts use it. */
  | { readonly type: 'ask' }
  /** Marks it with the time, and lets nobody launch from it any more. */
  | { readonly type: 'disable' }
  | { readonly type: 'unprotect' }
  /** With its snapshots, but for those that other images use. */
  | { readonly type: 'deregister'; readonly snapshots: readonly string[]; readonly shared: readonly string[] }

/** What becomes of an image, and why. */
export type Verdict =
  | { readonly type: 'stays'; readonly why: readonly string[] }
  /** It might be referred to by what nobody could look at. */
  | { readonly type: 'unchecked'; readonly why: readonly string[] }
  | { readonly type: 'waits'; readonly why: readonly string[] }
  | { readonly type: 'goes'; readonly why: readonly string[]; readonly steps: readonly CleaningStep[] }

/** The tag that keeps since when an image is disabled: EC2 does not tell. */
export const disabledTag = 'Disabled'

/** Older answers about other accounts say nothing of today. */
const reportDays = 3

const utc = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')

/**
 * The way out of an image that nothing of ours refers to: first disabled, deregistered only some days later. `shared`: those
 * of its snapshots that another image has, too; `reports`: of this image alone.
 */
export function goings(
  image: ImageFacts,
  shared: readonly string[],
  reports: readonly UsageReport[],
  { now, disabledDays }: CleaningRules,
): Verdict {
  const why = [
    revocationOf(image.tags) === undefined ? 'nothing refers to it' : 'it is revoked, and nothing refers to it',
  ]
  const leave: readonly CleaningStep[] = [
    ...(image.protected === true ? [{ type: 'unprotect' } as const] : []),
    { type: 'deregister', snapshots: image.snapshots.filter((one) => !shared.includes(one)), shared },
  ]
  if (failedStates.includes(image.state)) return { type: 'goes', why: [`it is ${image.state}`], steps: leave }

  const own = reports.toSorted((one, other) => other.time - one.time)
  const newest = own.find(({ state }) => state === 'available')
  if (newest !== undefined && newest.entries.length > 0)
    return {
      type: 'stays',
      why: newest.entries.map(({ account, type, count }) => `${account} uses it: ${type}, ${count} of them`),
    }
  const since = Date.parse(image.tags[disabledTag] ?? '')
  if (image.state === 'disabled' && !Number.isNaN(since)) {
    const due = since + days(disabledDays)
    if (due > now.getTime())
      return { type: 'waits', why: [`it is disabled since ${utc(since)}; it can go from ${utc(due)} on`] }
    if (image.protectedUntil !== undefined && Date.parse(image.protectedUntil) > now.getTime())
      return { type: 'waits', why: [`its protection was lifted, and holds until ${image.protectedUntil}`] }
    return { type: 'goes', why, steps: leave }
  }
  const isFresh = ({ time }: UsageReport): boolean => now.getTime() - time < days(reportDays)
  if (image.state !== 'disabled' && !(newest !== undefined && isFresh(newest))) {
    const [last] = own
    if (last?.state === 'pending' && isFresh(last))
      return { type: 'waits', why: ['EC2 is still finding out whether other accounts use it'] }
    return { type: 'goes', why, steps: [{ type: 'ask' }] }
  }
  return { type: 'goes', why, steps: [{ type: 'disable' }] }
}
