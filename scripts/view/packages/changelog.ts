import type { Changelog, Described, PackageVersion, VersionChange } from '../../core/packages/changelog.ts'
import { pad } from '../text.ts'

type Subject = Changelog & { readonly from: Described; readonly to: Described }
type Row = readonly string[]

/** Markdown that reads well as plain text, too: links stand below the tables. */
export function renderChangelog({ from, to, added, removed, upgraded, downgraded }: Subject): string {
  const sections = [
    ...section('Upgraded', ['Package', 'From', 'To'], upgraded, change),
    ...section('Downgraded', ['Package', 'From', 'To'], downgraded, change),
    ...section('Added', ['Package', 'Version'], added, entry),
    ...section('Removed', ['Package', 'Version'], removed, entry),
  ]
  const links = [...upgraded, ...downgraded, ...added, ...removed].flatMap(({ name, link }) =>
    link === null ? [] : [`[${name}]: ${link}`],
  )
  const apart = from.architecture !== to.architecture
  const same = from.id === to.id ? 'FROM and TO are the same image: there is no difference.' : 'No package differs.'
  return [
    `# Packages: ${title(from, apart)} to ${title(to, apart)}`,
    '',
    ...table([['', 'Image', 'Version', 'Commit', 'Made'], row('from', from), row('to', to)]),
    ...(sections.length === 0 ? ['', same] : sections),
    ...(links.length === 0 ? [] : ['', ...links.toSorted()]),
  ].join('\n')
}

const known = (text: string): string => text || 'unknown'
const versionOf = (version: string): string => (version === '' ? known(version) : code(version))

const title = ({ image, version, architecture }: Described, withArchitecture: boolean): string =>
  [known(image), versionOf(version), ...(withArchitecture ? [architecture] : [])].join(' ')

const row = (word: string, { id, version, commit, created }: Described): Row => [
  word,
  id,
  versionOf(version),
  known(commit.slice(0, 7)),
  known(created.slice(0, 16).replace('T', ' ')),
]

function section<One>(heading: string, head: Row, all: readonly One[], rowOf: (one: One) => Row): string[] {
  return all.length === 0 ? [] : ['', `## ${heading}: ${all.length}`, '', ...table([head, ...all.map(rowOf)])]
}

const change = ({ name, link, from, to }: VersionChange): Row => [nameOf(name, link), code(from), code(to)]
const entry = ({ name, link, version }: PackageVersion): Row => [nameOf(name, link), code(version)]

const nameOf = (name: string, link: string | null): string => (link === null ? code(name) : `[${name}]`)

/** As it stands: Markdown strikes out what is between two tildes. */
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

function table([head = [], ...rows]: readonly Row[]): string[] {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((cells) => cells[column]!.length)))
  const line = (cells: Row): string => `| ${cells.map((cell, column) => pad(cell, widths[column]!)).join(' | ')} |`
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)]
}
