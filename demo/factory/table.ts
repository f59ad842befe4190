import type { Manifest } from '../../scripts/core/manifest/manifest.ts'
import { consumers, type Accounts } from './places.ts'

/** One image in one region of one account. */
export type Row = {
  readonly image: string
  readonly version: string
  readonly architecture: string
  readonly account: string
  readonly region: string
  readonly id: string
}

export type FactoryReport = {
  /** Seconds, and requests to AWS, by chapter. */
  readonly seconds: Readonly<Record<string, number>>
  readonly calls: Readonly<Record<string, number>>
  readonly rows: readonly Row[]
  /** What was not done, and why. */
  readonly notes: readonly string[]
  readonly accounts: Accounts
  /** What leads whoever goes on by hand there. */
  readonly env: Readonly<Record<string, string>>
}

/** What is published, and what the groups of the other accounts run of it. */
export function rowsOf(manifest: Manifest): readonly Row[] {
  const published = Object.entries(manifest).flatMap(([image, places]) =>
    Object.entries(places).flatMap(([region, entries]) =>
      entries.map(({ id, name, architecture }) => ({
        ...{ image, version: versionIn(name), architecture },
        ...{ account: 'distribution', region, id },
      })),
    ),
  )
  const running = consumers.flatMap(({ account, region }) =>
    published.filter((row) => row.image === 'web' && row.region === region).map((row) => ({ ...row, account })),
  )
  return [...published, ...running]
}

/** demo-shop/web/1.0.0-9f3c2e1a */
const versionIn = (name: string): string => name.split('/').at(-1)!.split('-')[0]!

export function renderFactory({ rows, seconds, calls, notes }: FactoryReport): string {
  const cells = rows.map(({ image, version, architecture, account, region, id }) => [
    ...[image, version, architecture, account, region, id],
  ])
  const titles = ['image', 'version', 'for', 'account', 'region', 'AMI']
  const widths = titles.map((title, index) => Math.max(title.length, ...cells.map((row) => row[index]!.length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => cell.padEnd(widths[index]!))
      .join('  ')
      .trimEnd()
  return [
    '',
    line(titles),
    ...cells.map(line),
    ...notes.map((note) => `! ${note}`),
    '',
    `${'stage'.padEnd(62)}    seconds  calls`,
    ...Object.entries(seconds).map(
      ([title, took]) =>
        `${(title.length > 62 ? `${title.slice(0, 59)}...` : title).padEnd(62)} ${took.toFixed(0).padStart(10)} ${String(calls[title] ?? 0).padStart(6)}`,
    ),
  ].join('\n')
}
