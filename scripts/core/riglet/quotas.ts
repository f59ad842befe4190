import type { Usage } from '../ports/account.ts'

/** AWS gives five of each to a region unless asked for more.
 *  https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
export const usualQuota = 5

export type Need = { readonly what: string; readonly needed: number; readonly usage: Usage }

/** What would not fit; `raised`: the quota that the user says was granted. */
export const shortages = (needs: readonly Need[], raised?: number): string[] =>
  needs.flatMap(({ what, needed, usage: { used, quota } }) => {
    const limit = quota ?? raised ?? usualQuota
    return used + needed <= limit ? [] : [`${needed} more ${what} are needed, ${used} of ${limit} are in use`]
  })
