import { quoted } from '../../core/feeds/errors.ts'
import type { Feed } from '../../core/feeds/feed.ts'
import type { Difference } from '../../core/tracker/difference.ts'
import { cellsOf, type NightlyPlan } from '../../core/tracker/plan-nightly.ts'
import { plural, table } from '../text.ts'

/** A feed beside its tracker: `+` is to be built, `-` is gone from the feed. */
export function renderDifference({ built, missing, gone }: Difference): readonly string[] {
  const changes = [
    ...missing.map(({ version, architectures }) => `+ ${version}  ${architectures.join(', ')}`),
    ...gone.map((version) => `- ${version}  gone from the repository`),
  ]
  return [...changes, `${missing.length} to be built, ${built.length} built, ${gone.length} gone`]
}

/** What others call a version and what could be none. */
export const renderLeftOut = (leftOut: readonly string[]): readonly string[] =>
  leftOut.map((version) => `Left out: ${quoted(version)} is no version that an image can have`)

/** What a nightly run would do: counts, and a line for each image. */
export function renderNightly(
  { built, missing, gone, builds }: NightlyPlan,
  { product, url }: Pick<Feed, 'product' | 'url'>,
  where: string,
): readonly string[] {
  const cells = cellsOf(builds)
  const counts = [
    `${product} at ${url}`,
    `  offered      ${plural(built.length + missing.length, 'version')}`,
    `  built        ${plural(built.length, 'version')}, as ${where} says${gone.length === 0 ? '' : `; ${gone.length} more are gone from the repository`}`,
    `  to be built  ${plural(missing.length, 'version')}, ${plural(cells.length, 'image')}`,
  ]
  if (cells.length === 0) return counts
  const rows = cells.map(({ version, base, architecture }) => [`  ${version}`, base, architecture])
  return [...counts, '', ...table([['  VERSION', 'BASE', 'ARCHITECTURE'], ...rows])]
}
