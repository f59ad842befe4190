import { RigletError } from '../errors.ts'

/** What others wrote, so that a terminal shows it and obeys nothing of it: in quotes, signs for control as their numbers. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}...` : text).replace(unseen, asNumber)

/** The same without quotes, for a library's words with others' text in them. */
export const tamed = (text: string): string => text.slice(0, 300).replace(unseen, asNumber)

// Control signs, and those that turn the direction of writing.
const unseen = /[\p{Cc}\p{Cf}\u2028\u2029]/gu
const asNumber = (sign: string): string => `\\u{${sign.codePointAt(0)!.toString(16)}}`

const fault = (url: string, what: string, remedy: string, cause?: unknown): RigletError =>
  new RigletError('FEED', `${tamed(url)}: ${what}`, remedy, cause)

const elsewhere =
  'Nothing was built. Check feed.url in manifests/images.yaml, or name another one: FEED_URL=https://...'

export const feedAbsent = (url: string): RigletError => fault(url, 'there is no such file', elsewhere)

export const feedSilent = (url: string, why: string, cause?: unknown): RigletError =>
  fault(url, `it does not answer: ${tamed(why)}`, elsewhere, cause)

export const feedRefuses = (url: string, status: number): RigletError =>
  fault(url, `it answers with status ${status}`, elsewhere)

export const feedTooLong = (url: string, limit: number, packed: boolean): RigletError =>
  fault(
    url,
    `${packed ? 'unpacked, it is' : 'it is'} longer than ${Math.round(limit / 1_048_576)} MiB`,
    'Nothing was built. No repository is so large: ask whoever runs it.',
  )

export const addressRefused = (url: string, host: string, address: string, kind: string): RigletError =>
  fault(
    url,
    `${tamed(host)} is at ${tamed(address)}, which is no public address (${kind})`,
    `Nothing was asked there. Where the repository really is in your own network, allow its host: FEED_HOSTS=${tamed(host)}`,
  )

export const plainHttpRefused = (url: string, host: string): RigletError =>
  fault(
    url,
    'it is plain HTTP and nothing is signed, so anybody on the way could change it',
    `Nothing was asked there. Say https, or feed.key with the repository's public key, or allow the host: FEED_HOSTS=${tamed(host)}`,
  )

export const redirectRefused = (url: string, to: string, why: string): RigletError =>
  fault(url, `it leads to ${tamed(to)}, ${why}`, elsewhere)

export const feedUnreadable = (url: string, why: string, cause?: unknown): RigletError =>
  fault(
    url,
    tamed(why),
    'Nothing was built. Try again later: a repository that is being updated can be half new.',
    cause,
  )

export const feedNotAsPromised = (url: string, why: string): RigletError =>
  fault(
    url,
    `it is not what the repository's metadata says: ${tamed(why)}`,
    'Nothing was built. Try again later: a repository that is being updated can be half new. If it stays so, ask who runs it.',
  )

export const feedUnsigned = (url: string, key: string, why: string): RigletError =>
  fault(
    url,
    `it is not signed by a key of ${key}: ${tamed(why)}`,
    `Nothing was built. If the repository has a new key, and you know so from its owner, put that into ${key}.`,
  )

export const keyUnusable = (key: string, why: string): RigletError =>
  new RigletError(
    'FEED',
    `${key}: ${tamed(why)}`,
    'It must hold OpenPGP public keys as text, beginning with -----BEGIN PGP PUBLIC KEY BLOCK-----.',
  )

export const feedOutdated = (url: string, until: Date): RigletError =>
  fault(
    url,
    `it was valid until ${until.toISOString()} only`,
    'Nothing was built. Somebody shows an old one, or nobody updates the repository any more: ask who runs it.',
  )

export const packingUnknown = (url: string, path: string): RigletError =>
  fault(
    url,
    `its list of packages is packed in a way that is not known here: ${quoted(path)}`,
    'It may be gz, xz or zst.',
  )

export const elsewhereRefused = (url: string, path: string): RigletError =>
  fault(url, `its list of packages would lie outside the repository: ${quoted(path)}`, elsewhere)

export const listAbsent = (url: string, list: string, there: readonly string[]): RigletError => {
  const some = there.filter((path) => /(?:^|\/)Packages/.test(path)).slice(0, 6)
  return fault(
    url,
    `it has no list ${quoted(list)}`,
    `Nothing was built. Check distribution, component and architectures in manifests/images.yaml.${some.length === 0 ? '' : ` It has ${some.map(quoted).join(', ')}`}`,
  )
}
