import { quoted } from '../../core/feeds/errors.ts'
import type { Difference } from '../../core/tracker/difference.ts'

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
