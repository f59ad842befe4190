import { elsewhereRefused, feedAbsent, feedUnsigned, packingUnknown } from '../../core/feeds/errors.ts'
import type { Feed } from '../../core/feeds/feed.ts'
import type { Sieve } from '../../core/feeds/sieve.ts'
import { readPrimary, readRepomd, repomdPath } from '../../core/feeds/yum.ts'
import type { Packing } from '../../core/ports/feeds/downloads.ts'
import { limits, needed, readable, readList, signedText, type FeedPorts } from './read-feed.ts'

const packings: Readonly<Record<string, Packing>> = { '.gz': 'gz', '.xz': 'xz', '.zst': 'zst', '.xml': 'none' }

/** repomd.xml, with its signature beside it where a key is given, says where the list of packages lies and what it is. */
export async function readYum(feed: Feed, base: string, sieve: Sieve, ports: FeedPorts): Promise<void> {
  const url = `${base}${repomdPath}`
  const signed = feed.key !== undefined
  const body = await needed(url, { limit: limits.metadata, signed }, ports)
  const text = feed.key === undefined ? new TextDecoder().decode(body) : await signedBy(feed.key, url, body, ports)
  const { path, checksum } = readable(url, () => readRepomd(text))

  const list = URL.canParse(path, base) ? new URL(path, base) : undefined
  // No metadata may send us anywhere else: not to another host, and to no folder above.
  if (list === undefined || !list.href.startsWith(new URL(base).href)) throw elsewhereRefused(url, path)
  const packing = packings[/\.[a-z]+$/.exec(list.pathname)?.[0] ?? '']
  if (packing === undefined) throw packingUnknown(url, path)
  const read = await readList(list.href, { packing, checksum, signed }, readPrimary(sieve.add), ports)
  if (read === 'absent') throw feedAbsent(list.href)
}

async function signedBy(key: string, url: string, data: Uint8Array, ports: FeedPorts): Promise<string> {
  const beside = `${url}.asc`
  const found = await ports.downloads.get(beside, { limit: limits.metadata, signed: true })
  if (found.type === 'absent') throw feedUnsigned(url, key, `there is no signature beside it (${beside})`)
  return signedText(url, key, { type: 'apart', data, signature: new TextDecoder().decode(found.body) }, ports)
}
