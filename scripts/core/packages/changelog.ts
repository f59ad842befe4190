import { commitOf, type ImageFacts } from '../image/image-facts.ts'
import { compareVersions } from './compare-versions.ts'
import { packageDifference, type PackageList } from './difference.ts'

/** An image as a changelog describes it; what its tags do not tell is empty. */
export type Described = {
  readonly id: string
  readonly image: string
  readonly version: string
  readonly commit: string
  readonly architecture: string
  /** When it was made, in ISO's form. */
  readonly created: string
}

type Linked = {
  readonly name: string
  /** Where its changelog and advisories are; null: nowhere that is known. */
  readonly link: string | null
}
export type PackageVersion = Linked & { readonly version: string }
export type VersionChange = Linked & { readonly from: string; readonly to: string }

export type Changelog = {
  readonly added: readonly PackageVersion[]
  readonly removed: readonly PackageVersion[]
  readonly upgraded: readonly VersionChange[]
  readonly downgraded: readonly VersionChange[]
}

export const describe = ({ id, tags, architecture, created }: ImageFacts, commitTag?: string): Described => ({
  id,
  image: tags['Image'] ?? '',
  version: tags['Version'] ?? '',
  commit: commitOf(tags, commitTag) ?? '',
  architecture,
  created,
})

/** What changed from one image's packages to another's (B12), each list by name. */
export function changelogOf(before: PackageList, after: PackageList): Changelog {
  const { added, removed, changed } = packageDifference(before, after)
  const linked = changed.map((one) => ({ ...one, link: linkOf(one.name) }))
  const isOlder = ({ from, to }: VersionChange): boolean => compareVersions(to, from) < 0
  return {
    added: added.map((one) => ({ ...one, link: linkOf(one.name) })),
    removed: removed.map((one) => ({ ...one, link: linkOf(one.name) })),
    upgraded: linked.filter((one) => !isOlder(one)),
    downgraded: linked.filter(isOlder),
  }
}

/**
 * Every image stands on Debian (core/image/base.ts). Its tracker has changelogs, news and advisories of a source package, and
 * leads there from the name of any package that is made of it, which is all that the lists hold.
 * https://qa.pages.debian.net/distro-tracker/
 */
const linkOf = (name: string): string | null =>
  /^[a-z0-9][a-z0-9+.-]+$/.test(name) ? `https://tracker.debian.org/pkg/${encodeURIComponent(name)}` : null
