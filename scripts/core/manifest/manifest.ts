/** What is published: the only source of truth for consumers. In the root of the checkout; it may be missing. */
export const manifestFile = 'manifests/images.json'

/** One published AMI. */
export type Entry = {
  readonly architecture: string
  /** A time in UTC; null: never. Older manifests say so with an empty text. */
  readonly deprecation_time: string | null
  readonly id: string
  readonly name: string
  readonly public: boolean
}

/** Use case -> region -> entries, one for each architecture. */
export type Manifest = Readonly<Record<string, Readonly<Record<string, readonly Entry[]>>>>

/** As it stands in the file: one entry by itself, as it has always been, and a list where there are several. */
export type WrittenManifest = Readonly<Record<string, Readonly<Record<string, Entry | readonly Entry[]>>>>

const sorted = <Value>(record: Readonly<Record<string, Value>>): [string, Value][] =>
  Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1))

/** Always the same text for the same manifest: keys and architectures in order, so that a diff shows what changed. */
export function writeManifest(manifest: Manifest): string {
  const entry = ({ architecture, deprecation_time, id, name, public: open }: Entry): Entry => ({
    architecture,
    deprecation_time: deprecation_time || null,
    id,
    name,
    public: open,
  })
  const inOrder = (entries: readonly Entry[]): Entry | Entry[] => {
    const all = entries.map(entry).sort((one, other) => (one.architecture < other.architecture ? -1 : 1))
    return all.length === 1 ? all[0]! : all
  }
  const written: WrittenManifest = Object.fromEntries(
    sorted(manifest).map(([useCase, regions]) => [
      useCase,
      Object.fromEntries(sorted(regions).map(([region, entries]) => [region, inOrder(entries)])),
    ]),
  )
  return `${JSON.stringify(written, undefined, 2)}\n`
}

/**
 * A manifest in which one image stands as published. Other architectures of it that were published earlier stay, in the
 * regions that it is still meant for (`regions`); other images stay as they are.
 */
export function withPublished(
  manifest: Manifest,
  image: string,
  regions: readonly string[],
  published: Readonly<Record<string, readonly Entry[]>>,
): Manifest {
  const before = manifest[image] ?? {}
  return {
    ...manifest,
    [image]: Object.fromEntries(
      regions.flatMap((region): [string, readonly Entry[]][] => {
        const fresh = published[region] ?? []
        const isFresh = (entry: Entry): boolean => fresh.some(({ architecture }) => architecture === entry.architecture)
        const entries = [...(before[region] ?? []).filter((entry) => !isFresh(entry)), ...fresh]
        return entries.length === 0 ? [] : [[region, entries]]
      }),
    ),
  }
}
