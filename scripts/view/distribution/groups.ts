import type { GroupPlace } from '../../core/follow/place.ts'
import type { GroupPlan } from '../../core/follow/plan-group.ts'
import type { GroupRuns } from '../../core/layers/group.ts'
import { isCommit } from '../../core/groups/groups.ts'
import type { StackEnd } from '../../core/stack/outcome.ts'
import type { StackPlan } from '../../core/stack/plan.ts'
import { endLine } from '../progress.ts'
import { paint, wrap, type Style } from '../text.ts'

/** A group, what would change of its stack, and how that ended. */
export type FollowRow = {
  readonly plan: GroupPlan
  readonly change: StackPlan | { readonly type: 'failed'; readonly why: string } | undefined
  readonly end?: StackEnd | { readonly type: 'refused'; readonly why: string } | undefined
}

type State = 'unchecked' | 'refused' | 'failed' | 'moved' | 'to move' | 'kept' | 'unchanged'

const short = ({ image, commit }: GroupRuns): string => `${image} (${commit.slice(0, 7)})`

function stateOf({ plan, change, end }: FollowRow): { readonly state: State; readonly why?: string } {
  if (plan.unchecked !== undefined) return { state: 'unchecked', why: plan.unchecked }
  if (plan.fault !== undefined) return { state: 'refused', why: plan.fault }
  if (change?.type === 'failed') return { state: 'refused', why: change.why }
  if (end?.type === 'refused') return { state: 'failed', why: end.why }
  if (end?.type === 'failed') return { state: 'failed', why: endLine(plan.group.name, end) }
  if (end?.type === 'done') return { state: 'moved' }
  if (change?.type === 'changes') return { state: 'to move' }
  return plan.kept === undefined ? { state: 'unchanged' } : { state: 'kept', why: plan.kept }
}

/** Something that a person has to look at; a group that keeps its image for now is none of it. */
export const isTroubled = (row: FollowRow): boolean => ['unchecked', 'refused', 'failed'].includes(stateOf(row).state)

const keeps = (now: GroupRuns, { kept, group: { repo }, commit }: GroupPlan): string => {
  const named = commit === undefined || isCommit(repo.ref) ? '' : `${repo.ref} is ${commit.slice(0, 7)}, and `
  return `keeps ${short(now)}: ${named}${kept}`
}

/** What a line says of a group that is as it should be, or that is going to be. */
function runs({ plan, change, end }: FollowRow): string {
  const { now, next, kept } = plan
  if (next === undefined) return ''
  const stays = now === undefined || now.image !== next.image ? undefined : now
  const settings = change?.type === 'changes' ? '; its settings change' : ''
  if (stays !== undefined)
    return `${kept === undefined ? `${short(stays)}${settings === '' ? ', stays as it is' : ''}` : keeps(stays, plan)}${settings}`
  const did = end === undefined ? '' : end.type === 'done' && end.operation === 'create' ? 'created with ' : 'moved to '
  return `${now === undefined || end !== undefined ? '' : `${short(now)} -> `}${did}${short(next)}`
}

const signs: Readonly<Record<State, readonly [string, Style | undefined]>> = {
  unchecked: ['?', 'danger'],
  refused: ['!', 'danger'],
  failed: ['!', 'danger'],
  moved: [' ', undefined],
  'to move': ['~', undefined],
  kept: ['=', 'change'],
  unchanged: [' ', undefined],
}

function line(row: FollowRow): readonly [string, Style | undefined, string] {
  const { state, why = '' } = stateOf(row)
  const [sign, style] = signs[state]
  switch (state) {
    case 'unchecked':
      return [sign, style, `not checked: ${why}`]
    case 'refused':
    case 'failed':
      return [sign, style, why]
    case 'to move':
      return [row.plan.now === undefined ? '+' : sign, style, runs(row)]
    case 'moved':
    case 'kept':
    case 'unchanged':
      return [sign, style, runs(row)]
  }
}

/** A group a line, or several where there is more to say. */
export function renderGroups(
  rows: readonly FollowRow[],
  { columns, colour }: { readonly columns: number; readonly colour: boolean },
): string[] {
  if (rows.length === 0) return ['Groups: none is named']
  if (rows.every((row) => stateOf(row).state === 'unchanged')) return ['Groups: nothing to do']
  const titleOf = ({ plan: { group, place } }: FollowRow): string =>
    `${group.environment} ${group.name}  ${place.title}`
  const width = Math.max(...rows.map((row) => titleOf(row).length))
  const indent = ' '.repeat(6)
  return [
    'Groups',
    '',
    ...rows.flatMap((row) => {
      const [sign, style, words] = line(row)
      const head = `  ${sign} ${titleOf(row).padEnd(width)}  `
      const painted = (text: string): string => (style === undefined ? text : paint(text, style, colour))
      if (head.length + words.length <= columns) return [head + painted(words)]
      return [head.trimEnd(), ...wrap(words, columns - indent.length).map((part) => indent + painted(part))]
    }),
  ]
}

/** A group that groups.yaml does not name any more. */
export type LeftRow = {
  readonly name: string
  readonly environment: string
  readonly place: GroupPlace
  readonly stack: string
  readonly remove: string
}

/** Commands are not wrapped: they are copied. */
export const renderLeft = (left: readonly LeftRow[], { colour }: { readonly colour: boolean }): string[] =>
  left.length === 0
    ? []
    : [
        '',
        'Left behind: groups.yaml does not name them any more. They run on, and follow nothing.',
        '',
        ...left.flatMap(({ environment, name, place, remove }) => [
          paint(`  ? ${environment} ${name}  ${place.title}`, 'change', colour),
          `      to delete it: ${remove}`,
        ]),
      ]

export const groupsAsData = (rows: readonly FollowRow[], left: readonly LeftRow[]) => ({
  left: left.map(({ place: { account = null, region }, ...rest }) => ({ ...rest, account, region })),
  groups: rows.map((row) => {
    const { plan } = row
    const { group, place, commit, now, next } = plan
    const { state, why = null } = stateOf(row)
    return {
      name: group.name,
      environment: group.environment,
      account: place.account ?? null,
      region: place.region,
      repository: group.repo.url,
      ref: group.repo.ref,
      commit: commit ?? null,
      from: now ?? null,
      to: next ?? null,
      state,
      why,
    }
  }),
})
