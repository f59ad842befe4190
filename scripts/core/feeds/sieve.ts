import { imageRules } from '../image/rules.ts'
import { architecturesOfPackage, comparisonOf, isOfMajor, type Feed, type Offer, type Release } from './feed.ts'
import { Unreadable } from './xml.ts'

/** A package as a repository names it. */
export type Entry = { readonly name: string; readonly version: string; readonly architecture: string }

/** So many versions of one package are more than any repository has. */
const mostVersions = 20_000
const mostLeftOut = 20

export type Sieve = {
  /** @throws Unreadable */
  readonly add: (entry: Entry) => void
  readonly offer: () => Offer
}

class TooMany extends Unreadable {
  constructor() {
    super(`it offers more than ${mostVersions} versions of one package`)
  }
}

/**
 * Keeps of what goes by the versions of the feed's package: those of its major one, for architectures that images are made
 * for. Versions go into names, tags and machines later, so what could be none is left out here.
 */
export function makeSieve(feed: Pick<Feed, 'kind' | 'product' | 'major'>, architectures: readonly string[]): Sieve {
  const found = new Map<string, Set<string>>()
  const leftOut = new Set<string>()
  return {
    add: ({ name, version, architecture }) => {
      if (name !== feed.product || !isOfMajor(version, feed.major)) return
      const matching = architecturesOfPackage(architecture, architectures)
      if (matching.length === 0) return
      if (version.length > 100 || !imageRules.version.pattern.test(version)) {
        if (leftOut.size < mostLeftOut) leftOut.add(version.slice(0, 100))
        return
      }
      const known = found.get(version) ?? new Set()
      for (const one of matching) known.add(one)
      found.set(version, known)
      if (found.size > mostVersions) throw new TooMany()
    },
    offer: () => ({ releases: sorted(feed, found, architectures), leftOut: [...leftOut] }),
  }
}

function sorted(
  { kind }: Pick<Feed, 'kind'>,
  found: ReadonlyMap<string, ReadonlySet<string>>,
  architectures: readonly string[],
): readonly Release[] {
  const compare = comparisonOf(kind)
  return [...found]
    .sort(([one], [other]) => compare(one, other) || (one < other ? -1 : 1))
    .map(([version, has]) => ({ version, architectures: architectures.filter((one) => has.has(one)) }))
}
