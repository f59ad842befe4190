import { nameIn } from '../core/approval/person.ts'
import { minute } from '../core/approval/freeze.ts'
import { certain, uncertain } from '../core/image/launch.ts'
import type { Candidate } from '../core/rollback/earlier.ts'
import { table, wrap } from './text.ts'

const most = 10

/** What ran before, the newest first: `=` runs now, `>` is what it is taken back to, `!` can be launched no more. */
export function renderEarlier(
  title: string,
  candidates: readonly Candidate[],
  now: { readonly image: string; readonly version: string; readonly commit: string },
  chosen: string | undefined,
): string {
  const shown = candidates.filter(({ image }, index) => index < most || [now.image, chosen].includes(image))
  const known = shown.some(({ image }) => image === now.image)
  const rows = [
    ['', 'image', 'version', 'commit', 'since', 'approved by'],
    ...(known
      ? []
      : [['=', now.image, now.version || '?', now.commit.slice(0, 7) || '?', 'by hand, or not passed', '']]),
    ...shown.map((one) => [
      markOf(one, now.image, chosen),
      one.image,
      one.version || '?',
      one.commit.slice(0, 7) || '?',
      minute(one.at),
      one.approvedBy === '' ? '-' : nameIn(one.approvedBy),
    ]),
  ]
  const lines = table(rows)
  const first = known ? 1 : 2
  return [
    `${title} ran, the newest first (= now${chosen === undefined ? '' : ', > taken back to'}):`,
    ...lines.slice(0, first),
    ...shown.flatMap(({ hindrances }, index) => [
      lines[first + index]!,
      ...certain(hindrances).flatMap(below),
      ...uncertain(hindrances).flatMap((why) => below(`not checked: ${why}`)),
    ]),
    ...(shown.length < candidates.length ? [`   and ${candidates.length - shown.length} more`] : []),
  ].join('\n')
}

const below = (why: string): string[] => wrap(why, 77).map((line) => `   ${line}`)

function markOf({ image, hindrances }: Candidate, now: string, chosen: string | undefined): string {
  if (image === now) return '='
  if (image === chosen) return '>'
  return certain(hindrances).length > 0 ? '!' : ''
}
