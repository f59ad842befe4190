/**
 * Negative, zero or positive: which of two versions rpm takes for the older one, by epoch, version, release. No package of
 * npm compares as rpm does; test/io/feeds holds this against rpm itself.
 * https://github.com/rpm-software-management/rpm/blob/rpm-4.18.0-release/rpmio/rpmvercmp.c
 */
export function compareRpmVersions(one: string, other: string): number {
  const [left, right] = [partsOf(one), partsOf(other)]
  const order = compareNumbers(left.epoch, right.epoch) || compareParts(left.version, right.version)
  // A version without a release stands for all its releases.
  if (order !== 0 || left.release === undefined || right.release === undefined) return order
  return compareParts(left.release, right.release)
}

type Parts = { readonly epoch: string; readonly version: string; readonly release: string | undefined }

/** The last hyphen begins the release. */
function partsOf(evr: string): Parts {
  const [, epoch = '0', version = '', release] = /^(?:(\d*):)?(.*?)(?:-([^-]*))?$/s.exec(evr) ?? []
  return { epoch, version, release }
}

/** Digits of any length. */
function compareNumbers(one: string, other: string): number {
  const [left, right] = [one.replace(/^0+/, ''), other.replace(/^0+/, '')]
  return left.length - right.length || compareTexts(left, right)
}

/** By bytes, whatever the language. */
const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** Runs of digits, runs of letters, tildes and carets; whatever else stands between them separates and says nothing. */
const tokensOf = (text: string): readonly string[] => text.match(/\d+|[A-Za-z]+|[~^]/g) ?? []

function compareParts(one: string, other: string): number {
  const [left, right] = [tokensOf(one), tokensOf(other)]
  for (let index = 0; ; index += 1) {
    const [mine, theirs] = [left[index], right[index]]
    if (mine === undefined && theirs === undefined) return 0
    if (mine === theirs) continue
    const order = compareTokens(mine, theirs)
    if (order !== 0) return order
  }
}

/** The end of a version comes after a tilde, before a caret, and before all else; a number comes after letters. */
function compareTokens(mine: string | undefined, theirs: string | undefined): number {
  if (mine === '~') return -1
  if (theirs === '~') return 1
  if (mine === undefined) return -1
  if (theirs === undefined) return 1
  if (mine === '^') return -1
  if (theirs === '^') return 1
  const [number, otherNumber] = [/^\d/.test(mine), /^\d/.test(theirs)]
  if (number !== otherNumber) return number ? 1 : -1
  return number ? compareNumbers(mine, theirs) : compareTexts(mine, theirs)
}
