import type { Entry, Manifest } from '../manifest/manifest.ts'
import type { ReplicaPlan } from './plan-replica.ts'
import { utc } from './plan-publication.ts'

/** What the manifest says of replicas, by region. */
export function entriesOf(plans: readonly ReplicaPlan[]): Readonly<Record<string, readonly Entry[]>> {
  const entries = plans.flatMap(({ replica, held }): [string, Entry][] => {
    if (held === undefined) return []
    const entry: Entry = {
      architecture: held.architecture,
      deprecation_time: held.deprecation === undefined ? null : utc(Date.parse(held.deprecation)),
      id: held.id,
      name: held.name,
      public: held.public === true,
    }
    return [[replica.place.region, entry]]
  })
  const regions = Map.groupBy(entries, ([region]) => region)
  return Object.fromEntries([...regions].map(([region, here]) => [region, here.map(([, entry]) => entry)]))
}

export type Change = {
  readonly useCase: string
  readonly region: string
  readonly architecture: string
  /** Ids; undefined: there was none, or there is none any more. */
  readonly from: string | undefined
  readonly to: string | undefined
}

/** What a consumer would get another image for. */
export function changesBetween(before: Manifest, after: Manifest): readonly Change[] {
  const flat = (manifest: Manifest): ReadonlyMap<string, string> =>
    new Map(
      Object.entries(manifest).flatMap(([useCase, regions]) =>
        Object.entries(regions).flatMap(([region, entries]) =>
          entries.map(({ architecture, id }): [string, string] => [[useCase, region, architecture].join('\n'), id]),
        ),
      ),
    )
  const [was, is] = [flat(before), flat(after)]
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((key) => {
    const [useCase = '', region = '', architecture = ''] = key.split('\n')
    const [from, to] = [was.get(key), is.get(key)]
    return from === to ? [] : [{ useCase, region, architecture, from, to }]
  })
}
