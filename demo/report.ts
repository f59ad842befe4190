import type { Tally } from './traffic.ts'

/** What the demo did, for its last screen and for the bench. Seconds by stage. */
export type DemoReport = {
  readonly seconds: Readonly<Record<string, number>>
  readonly tally: Tally
  readonly url: string
  readonly desired: { readonly version: string; readonly image: string }
}

/** What did not come out as promised; empty is success. */
export function shortcomings({ tally, desired }: DemoReport): readonly string[] {
  const found: string[] = []
  if (tally.lost.length > 0)
    found.push(`${tally.lost.length} of ${tally.sent} requests were lost, the first: ${tally.lost[0]?.why}`)
  if (tally.image !== desired.image)
    found.push(`production answers with ${tally.image || 'nothing'}, not with the approved ${desired.image}`)
  if (tally.versions[desired.version] === undefined)
    found.push(`production never answered with version ${desired.version}`)
  return found
}
