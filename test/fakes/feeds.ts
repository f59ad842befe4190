import type { Downloads } from '../../scripts/core/ports/feeds/downloads.ts'
import type { TrackerStore } from '../../scripts/core/ports/feeds/trackers.ts'

/** A store with conditional writes, as S3 has them; `before` lets others come in between. */
export function fakeStore(
  start: Readonly<Record<string, string>> = {},
  before: () => Promise<void> = () => Promise.resolve(),
): TrackerStore & { readonly texts: Map<string, { text: string; revision: number }> } {
  const texts = new Map(Object.entries(start).map(([name, text]) => [name, { text, revision: 1 }]))
  return {
    texts,
    where: (name) => `s3://bucket/${name}`,
    read: async (name) => {
      await before()
      const kept = texts.get(name)
      return kept === undefined ? undefined : { text: kept.text, token: String(kept.revision) }
    },
    write: async (name, text, token) => {
      await before()
      const revision = texts.get(name)?.revision
      if ((revision === undefined ? undefined : String(revision)) !== token) return 'conflict'
      texts.set(name, { text, revision: (revision ?? 0) + 1 })
      return 'written'
    },
  }
}

/** Files of repositories by their whole address, unpacked and signed by nobody. */
export const fakeDownloads = (files: Readonly<Record<string, string>>): Downloads => ({
  get: (url) =>
    Promise.resolve(
      files[url] === undefined ? { type: 'absent' } : { type: 'there', body: new TextEncoder().encode(files[url]) },
    ),
  unpack: (_url, body, _packing, { each }) => Promise.resolve(each(new TextDecoder().decode(body))),
  verify: () => Promise.resolve({ type: 'unsigned', why: 'nobody signs here' }),
})

/** A page of links to RPM packages. */
export const pageOf = (...names: readonly string[]): string =>
  names.map((name) => `<a href="${encodeURIComponent(name)}.rpm">x</a>`).join('\n')
