import { describeImage } from '../../core/image/image-facts.ts'
import type { Leaving, Unsharing } from '../../core/share/plan-unshare.ts'
import { paint, table, wrap } from '../text.ts'

/** What is to be taken back from an account, as far as it could be looked at. */
export type Unshares = {
  readonly leaving: Leaving
  readonly plans: readonly Unsharing[]
  readonly unchecked: readonly { readonly title: string; readonly why: string }[]
}
type Screen = { readonly columns: number; readonly colour: boolean }
type Failures = ReadonlyMap<Unsharing, string>

const titleOf = ({ leaving: { account, names } }: Unshares): string =>
  names.length === 0 ? account : `${names.join(', ')} (${account})`

const uncheckedRows = ({ unchecked }: Unshares): readonly string[] =>
  unchecked.map(({ title, why }) => `Not checked: ${title}: ${why}`)

/** Image by image: what is taken back, what stays and why, and what it means for whom. */
export function renderUnshares(unshares: Unshares, { columns, colour }: Screen): string {
  const lines = (one: Unsharing): readonly string[] => {
    const { site, image, why } = one
    const head = `  ${why.length === 0 ? '-' : ' '} ${site.title}  ${describeImage(image.id, image)}`
    const said = why.length === 0 ? 'TAKE BACK' : `stays: ${why.join('; ')}`
    return [
      head,
      ...wrap(said, columns - 7).map((line) => `      ${why.length === 0 ? paint(line, 'danger', colour) : line}`),
    ]
  }
  const note =
    'What runs there goes on, but nothing is launched there from what is taken back, to replace an instance either. ' +
    'An organization that an image is shared with lets its accounts in all the same.'
  return [
    `Images that ${titleOf(unshares)} may launch from`,
    '',
    ...(unshares.plans.length === 0 ? ['  none'] : unshares.plans.flatMap(lines)),
    ...uncheckedRows(unshares),
    ...(unshares.plans.some(({ why }) => why.length === 0) ? ['', ...wrap(note, columns - 1)] : []),
  ].join('\n')
}

const stateOf = (one: Unsharing, failures: Failures): string => {
  if (one.why.length > 0) return 'stays'
  return failures.has(one) ? 'failed' : 'done'
}

/** How it ended, a line each; as data where that was asked for. */
export function renderUnshared(unshares: Unshares, failures: Failures, json: boolean): string {
  if (json) return JSON.stringify(unshareAsData(unshares, failures), null, 2)
  const rows = unshares.plans.map((one) => [
    ...[`  ${one.site.title}`, one.image.id, stateOf(one, failures)],
    failures.get(one) ?? one.why.join('; '),
  ])
  const idle = unshares.plans.every(({ why }) => why.length > 0) && unshares.unchecked.length === 0
  return [
    idle ? `unshare from ${titleOf(unshares)}: nothing to do` : `unshare from ${titleOf(unshares)}`,
    ...table(rows),
    ...uncheckedRows(unshares),
  ].join('\n')
}

/** The plan as data; once it was done, how each ended. */
export const unshareAsData = (unshares: Unshares, failures?: Failures) => ({
  account: unshares.leaving.account,
  images: unshares.plans.map((one) => ({
    ...{ id: one.image.id, name: one.image.name, region: one.image.region, owner: one.image.account, stays: one.why },
    ...(failures === undefined ? {} : { state: stateOf(one, failures), why: failures.get(one) ?? null }),
  })),
  unchecked: unshares.unchecked,
})
