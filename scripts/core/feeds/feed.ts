import type { NameRule } from '../name-rules.ts'
import { compareVersions } from '../packages/compare-versions.ts'
import { compareRpmVersions } from './rpm-versions.ts'

/** A YUM repository by its metadata, one of which there is only a page of links to packages, and an APT repository. */
export const feedKinds = ['yum', 'yum-index', 'apt'] as const
export type FeedKind = (typeof feedKinds)[number]

/** Where versions of a package come from, and what is built of each. */
export type Feed = {
  readonly kind: FeedKind
  /** Where the repository begins; `$basearch` in it stands for the architecture, as yum calls it. */
  readonly url: string
  /** The name of the package. */
  readonly product: string
  /** Only versions that begin with this number, or these; undefined: all. */
  readonly major: string | undefined
  /** A file of the checkout with the public keys that have to have signed it; undefined: nothing is held against any. */
  readonly key: string | undefined
  /** Of an APT repository: `bookworm`, or with a slash at its end a folder, as in sources.list. */
  readonly distribution: string
  readonly component: string
  /** What images are made on, by the names of core/image/base.ts. */
  readonly bases: readonly string[]
}

export const feedRules = {
  kind: { pattern: new RegExp(`^(?:${feedKinds.join('|')})$`), words: feedKinds.join(', ') },
  url: {
    pattern: /^https?:\/\/[A-Za-z0-9[][A-Za-z0-9.:[\]-]*(?:\/[\w.~%+$-]*)*$/,
    words:
      'the address of a repository, such as https://packages.example.com/el/9/$basearch/, without user and password',
  },
  /** As rpm and dpkg allow names. https://www.debian.org/doc/debian-policy/ch-controlfields.html#source */
  product: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9.+_-]{0,99}$/,
    words: 'the name of a package: 1 to 100 of letters, digits and .+_-, a letter or digit first',
  },
  major: {
    pattern: /^\d{1,9}(?:\.\d{1,9}){0,2}$/,
    words: 'the first number of versions, or the first ones, such as 17 or 17.4, in quotes',
  },
  key: {
    pattern: /^(?!.*(?:^|\/)(?:\.{1,2}|\.git)(?:\/|$))[\w.@+-]+(?:\/[\w.@+-]+)*$/,
    words: 'the path of a file in the checkout with OpenPGP public keys',
  },
  distribution: {
    pattern: /^(?!.*\.\.)(?:\.\/|[A-Za-z0-9][\w.+-]*(?:\/[\w.+-]+)*\/?)$/,
    words: 'the name of a distribution such as bookworm, or a folder such as ./',
  },
  component: {
    pattern: /^(?!.*\.\.)[A-Za-z0-9][\w.+-]*(?:\/[\w.+-]+)*$/,
    words: 'the name of a component such as main',
  },
} as const satisfies Partial<Record<keyof Feed, NameRule>>

/** A version that a repository offers, and the architectures that it has it for, as EC2 calls them. */
export type Release = { readonly version: string; readonly architectures: readonly string[] }

export type Offer = {
  /** The oldest first, each version once. */
  readonly releases: readonly Release[]
  /** What the repository calls a version of the package and what could be none, such as `1.0;reboot`; as it was read. */
  readonly leftOut: readonly string[]
}

export const comparisonOf = (kind: FeedKind): ((one: string, other: string) => number) =>
  kind === 'apt' ? compareVersions : compareRpmVersions

/** Architectures as yum and apt call them -> as EC2 does; what belongs on every machine is of all. */
export const architecturesOfPackage = (name: string, all: readonly string[]): readonly string[] =>
  name === 'noarch' || name === 'all'
    ? all
    : all.filter((architecture) => namesOf[architecture]?.includes(name) ?? architecture === name)

const namesOf: Readonly<Record<string, readonly string[]>> = {
  x86_64: ['x86_64', 'amd64'],
  arm64: ['arm64', 'aarch64'],
}

export const yumName = (architecture: string): string => (architecture === 'arm64' ? 'aarch64' : architecture)
export const debianName = (architecture: string): string => (architecture === 'x86_64' ? 'amd64' : architecture)

/** Whether a version is of a major one: 17 is 17.4-1, and 2:17.4-1, and not 170.1. */
export const isOfMajor = (version: string, major: string | undefined): boolean => {
  const upstream = version.replace(/^\d+:/, '')
  return major === undefined || (upstream.startsWith(major) && !/^\d/.test(upstream.slice(major.length)))
}
