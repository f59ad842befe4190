import type { JournalEntry } from '../../rehearsal/contract/support/rehearsal.ts'
import { keyOf, type Place } from './places.ts'
import type { Stock } from './seed.ts'

/** `account region` -> API -> how often it was called there. */
export type Tally = ReadonlyMap<string, ReadonlyMap<string, number>>

/** By the account of who asked: a role's own in another one. */
export function tallyOf(entries: readonly JournalEntry[]): Tally {
  const tally = new Map<string, Map<string, number>>()
  for (const { principal, region, service, operation } of entries) {
    const place = keyOf({ account: principal.split(':')[4] ?? '', region })
    const calls = tally.get(place) ?? new Map<string, number>()
    tally.set(place, calls)
    const api = `${service}:${operation}`
    calls.set(api, (calls.get(api) ?? 0) + 1)
  }
  return tally
}

export const callsOf = (tally: Tally, isCounted: (api: string) => boolean): number =>
  [...tally.values()]
    .flatMap((calls) => [...calls])
    .reduce((sum, [api, count]) => sum + (isCounted(api) ? count : 0), 0)

export const describeImages = 'ec2:DescribeImages'
/** What EC2 puts on a page. */
export const onPage = 1000

/** How many images lie at each place. */
export function imagesAt(places: readonly Place[], { candidates, releases }: Stock): ReadonlyMap<string, number> {
  return new Map(
    places.map((place, index) => [keyOf(place), releases.length + (index === 0 ? candidates.length : 0)] as const),
  )
}

/**
 * Where a scan did not make the calls that it should: as many for images as they fill pages at each place, `more` besides, and of
 * all else exactly what a scan of fewer images made.
 */
export function wrongCalls(
  {
    tally,
    images,
    more,
  }: { readonly tally: Tally; readonly images: ReadonlyMap<string, number>; readonly more: number },
  withFewer: Tally | undefined,
): readonly string[] {
  const pages = [...images].flatMap(([place, count]) => {
    const [due, made] = [Math.ceil(count / onPage) + more, tally.get(place)?.get(describeImages) ?? 0]
    return made === due ? [] : [`${place}: ${made} calls of ${describeImages} for ${count} images, ${due} are due`]
  })
  if (withFewer === undefined) return pages
  const all = new Set([...tally.keys(), ...withFewer.keys()])
  const others = [...all].flatMap((place) => {
    const [now, before] = [tally.get(place) ?? new Map(), withFewer.get(place) ?? new Map()]
    return [...new Set([...now.keys(), ...before.keys()])]
      .filter((api) => api !== describeImages && now.get(api) !== before.get(api))
      .map((api) => `${place}: ${now.get(api) ?? 0} calls of ${api}, of fewer images ${before.get(api) ?? 0}`)
  })
  return [...pages, ...others]
}
