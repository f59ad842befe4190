import type { PointerPlan } from '../../core/distribution/channel.ts'
import { paint, table, wrap } from '../text.ts'

/** What is to become of a channel, all of its places together. */
export type ChannelChange = {
  readonly image: string
  readonly channel: string
  readonly title: string
  readonly plans: readonly PointerPlan[]
}

/** `why`: it failed. */
export type MoveOutcome = { readonly plan: PointerPlan; readonly why: string | undefined }

const titleOf = ({ pointer: { place, published } }: PointerPlan, plans: readonly PointerPlan[]): string =>
  new Set(plans.map((plan) => plan.pointer.published.architecture)).size > 1
    ? `${place.title} ${published.architecture}`
    : place.title

const words = ({ id, tag }: { readonly id: string; readonly tag: string }): string =>
  id === tag ? id : `${id} (${tag})`

/** Its sign, and what is said of it. */
function stateOf({ named, move, fault, unchecked }: PointerPlan): readonly [string, string] {
  if (unchecked !== undefined) return ['?', `not checked: ${unchecked}`]
  if (fault !== undefined) return ['!', fault]
  if (move !== undefined) return named === undefined ? ['+', words(move)] : ['~', `${words(named)} -> ${words(move)}`]
  return [' ', `${named === undefined ? 'nothing' : words(named)}, stays as it is`]
}

/** What would be moved where, a line each. */
export function renderChannel(
  { title, plans }: ChannelChange,
  { columns, colour }: { readonly columns: number; readonly colour: boolean },
): string[] {
  const width = Math.max(...plans.map((plan) => titleOf(plan, plans).length))
  const indent = ' '.repeat(width + 6)
  const lines = plans.flatMap((plan) => {
    const [sign, what] = stateOf(plan)
    const [first = '', ...rest] = wrap(what, columns - indent.length - 1)
    const told = sign === '!' || sign === '?' ? paint(first, 'danger', colour) : first
    return [`  ${sign} ${titleOf(plan, plans).padEnd(width)}  ${told}`, ...rest.map((part) => indent + part)]
  })
  return [title, '', ...lines]
}

type Outcomes = ReadonlyMap<PointerPlan, MoveOutcome>

function ended(plan: PointerPlan, outcomes: Outcomes): { readonly state: string; readonly why?: string } {
  if (plan.unchecked !== undefined) return { state: 'unchecked', why: plan.unchecked }
  if (plan.fault !== undefined) return { state: 'refused', why: plan.fault }
  if (plan.move === undefined) return { state: 'unchanged' }
  const why = outcomes.get(plan)?.why
  return why === undefined ? { state: 'done' } : { state: 'failed', why }
}

/** How it ended, a line each; as data where that was asked for. */
export function renderMoves({ image, channel, plans }: ChannelChange, outcomes: Outcomes, json: boolean): string {
  const all = plans.map((plan) => ({ plan, ...ended(plan, outcomes) }))
  if (json) {
    const places = all.map(({ plan, ...how }) => ({ ...pointerAsData(plan), ...how }))
    return JSON.stringify({ image, channel, places }, null, 2)
  }
  if (all.every(({ state }) => state === 'unchanged')) return `${channel} of ${image}: nothing to do`
  const rows = all.map(({ plan, state, why }) => {
    const names = state === 'done' ? plan.move : plan.named
    return [`  ${titleOf(plan, plans)}`, state, why ?? (names === undefined ? '' : words(names))]
  })
  return [`${channel} of ${image}`, ...table(rows)].join('\n')
}

const pointerAsData = ({ pointer: { place, parameter, published }, named, move }: PointerPlan) => ({
  account: 'account' in place.target ? place.target.account : null,
  region: place.region,
  architecture: published.architecture,
  parameter,
  from: named ?? null,
  to: move === undefined ? (named ?? null) : { id: move.id, tag: move.tag },
})

/** The plan as data. */
export const channelAsData = ({ image, channel, plans }: ChannelChange) => ({
  image,
  channel,
  places: plans.map((plan) => ({
    ...pointerAsData(plan),
    fault: plan.fault ?? null,
    unchecked: plan.unchecked ?? null,
  })),
})
