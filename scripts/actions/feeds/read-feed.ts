import { feedNotAsPromised, feedUnreadable, feedUnsigned, keyUnusable, feedAbsent } from '../../core/feeds/errors.ts'
import { yumName, type Feed, type Offer } from '../../core/feeds/feed.ts'
import { makeSieve, type Sieve } from '../../core/feeds/sieve.ts'
import { mismatch, type Checksum } from '../../core/feeds/checksums.ts'
import { readHtmlIndex } from '../../core/feeds/html-index.ts'
import { Unreadable, type XmlReader } from '../../core/feeds/xml.ts'
import type { Packing, Signed } from '../../core/ports/feeds/downloads.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { readApt } from './read-apt.ts'
import { readYum } from './read-yum.ts'

export type FeedPorts = Pick<Ports, 'downloads' | 'files' | 'clock'>

const mebibyte = 1_048_576
/** Fedora's list of all its packages takes 20 MiB packed and 200 unpacked. */
export const limits = { metadata: 4 * mebibyte, packed: 128 * mebibyte, unpacked: 1024 * mebibyte } as const

/**
 * Which versions of its package a repository offers, for these architectures. Every file is held against what vouches for it:
 * lists against the metadata's checksums, metadata against the key if there is one.
 * @throws RigletError FEED | FILE
 */
export async function readFeed(feed: Feed, architectures: readonly string[], ports: FeedPorts): Promise<Offer> {
  const sieve = makeSieve(feed, architectures)
  switch (feed.kind) {
    case 'apt':
      await readApt(feed, feed.url.replace(/\/*$/, '/'), architectures, sieve, ports)
      break
    case 'yum':
      for (const url of urlsOf(feed, architectures)) await readYum(feed, url.replace(/\/*$/, '/'), sieve, ports)
      break
    case 'yum-index':
      for (const url of urlsOf(feed, architectures)) await readIndex(url, sieve, ports)
  }
  return sieve.offer()
}

/** Yum's own word stands for the architecture, and then each has a repository of its own. */
const urlsOf = ({ url }: Feed, architectures: readonly string[]): readonly string[] => [
  ...new Set(architectures.map((one) => url.replaceAll('$basearch', yumName(one)))),
]

async function readIndex(url: string, sieve: Sieve, ports: FeedPorts): Promise<void> {
  const page = await needed(url, { limit: limits.metadata * 4, signed: false }, ports)
  readable(url, () => readHtmlIndex(new TextDecoder().decode(page), sieve.add))
}

/** @throws RigletError FEED where it is not there */
export async function needed(
  url: string,
  options: { readonly limit: number; readonly signed: boolean },
  { downloads }: Pick<Ports, 'downloads'>,
): Promise<Uint8Array> {
  const found = await downloads.get(url, options)
  if (found.type === 'absent') throw feedAbsent(url)
  return found.body
}

/** Of what cannot be read it is said which file that is. */
export function readable<Answer>(url: string, read: () => Answer): Answer {
  try {
    return read()
  } catch (error) {
    throw inFile(url, error)
  }
}

const inFile = (url: string, error: unknown): unknown =>
  error instanceof Unreadable ? feedUnreadable(url, error.message, error) : error

/** Brings a list of packages, if it is there, holds it against its checksum and reads it. */
export async function readList(
  url: string,
  {
    packing,
    checksum,
    signed,
  }: { readonly packing: Packing; readonly checksum: Checksum | undefined; readonly signed: boolean },
  reader: XmlReader,
  ports: FeedPorts,
): Promise<'read' | 'absent'> {
  const found = await ports.downloads.get(url, { limit: limits.packed, signed })
  if (found.type === 'absent') return 'absent'
  const { body } = found
  const wrong = checksum === undefined ? undefined : mismatch(body, checksum)
  if (wrong !== undefined) throw feedNotAsPromised(url, wrong)
  try {
    await ports.downloads.unpack(url, body, packing, { limit: limits.unpacked, each: reader.write })
    reader.end()
    return 'read'
  } catch (error) {
    throw inFile(url, error)
  }
}

/** What a key of the feed's file signed. */
export async function signedText(url: string, key: string, signed: Signed, ports: FeedPorts): Promise<string> {
  const verified = await ports.downloads.verify(await ports.files.read(key), signed, ports.clock.now())
  switch (verified.type) {
    case 'signed':
      return verified.text
    case 'unsigned':
      throw feedUnsigned(url, key, verified.why)
    case 'no key':
      throw keyUnusable(key, verified.why)
  }
}
