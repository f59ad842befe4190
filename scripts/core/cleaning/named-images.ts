import { manifestFile } from '../manifest/manifest.ts'
import type { FileVersion } from '../ports/local/git.ts'

/** By which manifests an image is named. */
export type NamedBy = {
  readonly current: boolean
  /** Git tags, the newest first. */
  readonly tags: readonly string[]
  /** Commits in the time for a way back whose change took it out or had it, the newest first. */
  readonly commits: readonly string[]
}

export type Named = {
  readonly byId: ReadonlyMap<string, NamedBy>
  /** The newest tag whose commit has a manifest, and when it was made, in milliseconds since 1970. */
  readonly lastRelease: { readonly tag: string; readonly time: number } | undefined
}

/** Ids as they stand in the text, whatever its form: what cannot be read otherwise names its images all the same. */
export const idsIn = (text: string): readonly string[] => [
  ...new Set(text.match(/\bami-(?:[0-9a-f]{17}|[0-9a-f]{8})\b/g) ?? []),
]

/** Regions that manifests have images in, by the keys in their texts. */
export const regionsIn = (texts: readonly string[]): readonly string[] => [
  ...new Set(
    texts.flatMap((text) => [...text.matchAll(/"([a-z]{2}(?:-[a-z]+)+-\d)"\s*:/g)].map(([, region]) => region!)),
  ),
]

/** `current`: the manifest of the checkout as it is; `versions`: as git has it. */
export function namedImages(current: string | undefined, versions: readonly FileVersion[]): Named {
  const newestFirst = versions.toSorted((one, other) => other.time - one.time)
  const byId = new Map<string, { current: boolean; tags: string[]; commits: string[] }>()
  const at = (id: string) => {
    const entry = byId.get(id) ?? { current: false, tags: [], commits: [] }
    byId.set(id, entry)
    return entry
  }
  for (const id of idsIn(current ?? '')) at(id).current = true
  for (const { type, name, text } of newestFirst)
    for (const id of idsIn(text)) {
      const names = at(id)[type === 'tag' ? 'tags' : 'commits']
      if (!names.includes(name)) names.push(name)
    }
  const release = newestFirst.find(({ type }) => type === 'tag')
  return { byId, lastRelease: release && { tag: release.name, time: release.time } }
}

const some = (names: readonly string[], most = 3): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`

/** In words, each a reason; `tagged`: whether those of tags count. */
export const namedWords = ({ current, tags, commits }: NamedBy, tagged = true): readonly string[] => [
  ...(current ? [`${manifestFile} names it`] : []),
  ...(tagged && tags.length > 0 ? [`the manifest of ${some(tags)} names it`] : []),
  ...(!current && commits.length > 0 ? [`the manifest named it in ${some(commits)}, which a revert brings back`] : []),
]
