/**
 * Negative, zero or positive: which of two versions dpkg takes for the older one, by epoch, upstream version, revision.
 * https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
 */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [partsOf(one), partsOf(other)]
  return (
    compareNumbers(left.epoch, right.epoch) ||
    compareTexts(left.upstream, right.upstream) ||
    compareTexts(left.revision, right.revision)
  )
}

/** The last hyphen begins the revision; what is missing counts as 0. */
function partsOf(version: string): { readonly epoch: string; readonly upstream: string; readonly revision: string } {
  const [, epoch = '0', upstream = '', revision = '0'] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/s.exec(version) ?? []
  return { epoch, upstream, revision }
}

/** Of any length: some versions hold a time to the second. */
function compareNumbers(one: string, other: string): number {
  const [left, right] = [BigInt(one || '0'), BigInt(other || '0')]
  return left < right ? -1 : left > right ? 1 : 0
}

/** Texts and numbers take turns, a text first. */
function compareTexts(one: string, other: string): number {
  const [left, right] = [one.split(/(\d+)/), other.split(/(\d+)/)]
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const compare = index % 2 === 0 ? compareLetters : compareNumbers
    const order = compare(left[index] ?? '', right[index] ?? '')
    if (order !== 0) return order
  }
  return 0
}

function compareLetters(one: string, other: string): number {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const order = rank(one[index]) - rank(other[index])
    if (order !== 0) return order
  }
  return 0
}

/** A tilde comes before the end, letters before all other characters. */
function rank(character: string | undefined): number {
  if (character === undefined) return 0
  if (character === '~') return -1
  return character.charCodeAt(0) + (/[A-Za-z]/.test(character) ? 0 : 256)
}
