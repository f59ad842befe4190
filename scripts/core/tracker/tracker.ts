import { comparisonOf, feedRules, type FeedKind } from '../feeds/feed.ts'
import { imageRules } from '../image/rules.ts'
import { notATracker, ofAnotherBranch } from './errors.ts'

/** A version of a package of which all images were built. */
export type Built = { readonly product: string; readonly version: string }

/**
 * Which versions were built of an image for a branch or tag. As text it is one package a line, the oldest version first, below
 * a first line that says whose it is (S13).
 */
export type Tracker = { readonly branch: string; readonly built: readonly Built[] }

/** One of each image and branch; a slash of the branch becomes `_` (S05). */
export const trackerName = (repo: string, branch: string, image: string): string =>
  `trackers/${repo}/${image}/${branch.replaceAll('/', '_')}.txt`

const head = '# Built for '

/**
 * @throws RigletError TRACKER where it is something else, or the tracker of a branch whose name comes to the same
 */
export function readTracker(where: string, text: string, branch: string): Tracker {
  const [first = '', ...lines] = text.split('\n')
  if (!first.startsWith(head)) throw notATracker(where, 1, first)
  const whose = first.slice(head.length)
  if (whose !== branch) throw ofAnotherBranch(where, whose, branch)
  const built = lines.flatMap((line, index) => {
    if (line === '') return []
    const [product = '', version = '', ...more] = line.split(' ')
    const fits = feedRules.product.pattern.test(product) && imageRules.version.pattern.test(version)
    if (!fits || more.length > 0) throw notATracker(where, index + 2, line)
    return [{ product, version }]
  })
  return { branch, built }
}

const same = (one: Built, other: Built): boolean => one.product === other.product && one.version === other.version

const byName = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** Sorted as rpm or dpkg sorts versions, each once. */
export function withBuilt(tracker: Tracker, more: readonly Built[], kind: FeedKind): Tracker {
  const compare = comparisonOf(kind)
  const all = [...tracker.built, ...more].sort(
    (one, other) =>
      byName(one.product, other.product) || compare(one.version, other.version) || byName(one.version, other.version),
  )
  return { ...tracker, built: all.filter((one, index) => index === 0 || !same(all[index - 1]!, one)) }
}

export const withoutBuilt = (tracker: Tracker, gone: readonly Built[]): Tracker => ({
  ...tracker,
  built: tracker.built.filter((one) => !gone.some((other) => same(one, other))),
})

export const writeTracker = ({ branch, built }: Tracker): string =>
  [`${head}${branch}`, ...built.map(({ product, version }) => `${product} ${version}`), ''].join('\n')

/** What the tracker says of one package. */
export const versionsOf = ({ built }: Tracker, product: string): readonly string[] =>
  built.filter((one) => one.product === product).map(({ version }) => version)
