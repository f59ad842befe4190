import { aptPlace, packings, readAptRelease, readPackages, type AptRelease } from '../../core/feeds/apt.ts'
import { feedAbsent, feedOutdated, feedUnsigned, listAbsent } from '../../core/feeds/errors.ts'
import { debianName, type Feed } from '../../core/feeds/feed.ts'
import type { Sieve } from '../../core/feeds/sieve.ts'
import type { Packing } from '../../core/ports/feeds/downloads.ts'
import { limits, readable, readList, signedText, type FeedPorts } from './read-feed.ts'

const packingOf: Readonly<Record<(typeof packings)[number], Packing>> = {
  '.zst': 'zst',
  '.xz': 'xz',
  '.gz': 'gz',
  '': 'none',
}

/** InRelease, or Release where nothing needs to be signed, says what the lists of packages are. */
export async function readApt(
  feed: Feed,
  base: string,
  architectures: readonly string[],
  sieve: Sieve,
  ports: FeedPorts,
): Promise<void> {
  const { folder } = aptPlace(feed.distribution, feed.component, '')
  const release = await readRelease(feed, `${base}${folder}`, ports)
  const lists = new Set(architectures.map((one) => aptPlace(feed.distribution, feed.component, debianName(one)).list))
  for (const list of lists) await readOneList(feed, `${base}${folder}`, list, release, sieve, ports)
}

type Found = { readonly url: string; readonly release: AptRelease }

/** undefined: a folder without any metadata, such as dpkg-scanpackages leaves alone. With a key there is always some. */
async function readRelease(feed: Feed, folder: string, ports: FeedPorts): Promise<Found | undefined> {
  const { key } = feed
  const inside = await readSigned(folder, key, ports)
  const found = inside ?? (await readPlain(folder, ports))
  if (found === undefined) return undefined
  const release = readable(found.url, () => readAptRelease(found.text))
  if (release.validUntil !== undefined && release.validUntil < ports.clock.now())
    throw feedOutdated(found.url, release.validUntil)
  return { url: found.url, release }
}

type Text = { readonly url: string; readonly text: string }

async function readSigned(folder: string, key: string | undefined, ports: FeedPorts): Promise<Text | undefined> {
  const url = `${folder}InRelease`
  const found = await ports.downloads.get(url, { limit: limits.metadata * 4, signed: key !== undefined })
  if (found.type === 'absent' && key === undefined) return undefined
  if (found.type === 'absent') throw feedUnsigned(url, key!, 'there is no such file')
  const text = new TextDecoder().decode(found.body)
  return { url, text: key === undefined ? text : await signedText(url, key, { type: 'clear', text }, ports) }
}

async function readPlain(folder: string, ports: FeedPorts): Promise<Text | undefined> {
  const url = `${folder}Release`
  const found = await ports.downloads.get(url, { limit: limits.metadata * 4, signed: false })
  return found.type === 'absent' ? undefined : { url, text: new TextDecoder().decode(found.body) }
}

async function readOneList(
  feed: Feed,
  folder: string,
  list: string,
  found: Found | undefined,
  sieve: Sieve,
  ports: FeedPorts,
): Promise<void> {
  const signed = feed.key !== undefined
  const reader = readPackages(sieve.add)
  if (found !== undefined) {
    const { checksums } = found.release
    const packing = packings.find((one) => checksums.has(list + one))
    if (packing === undefined) throw listAbsent(found.url, list, [...checksums.keys()])
    const told = { packing: packingOf[packing], checksum: checksums.get(list + packing), signed }
    const url = `${folder}${list}${packing}`
    if ((await readList(url, told, reader, ports)) === 'absent') throw feedAbsent(url)
    return
  }
  for (const packing of packings) {
    const url = `${folder}${list}${packing}`
    const told = { packing: packingOf[packing], checksum: undefined, signed }
    if ((await readList(url, told, reader, ports)) === 'read') return
  }
  throw feedAbsent(`${folder}InRelease`)
}
