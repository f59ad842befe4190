import { everybody } from '../../core/distribution/place.ts'
import { describeImage } from '../../core/image/image-facts.ts'
import type { MemberPlan, RevocationStep } from '../../core/lineage/plan-revocation.ts'
import type { Rebuild } from '../../core/lineage/rebuilds.ts'
import type { ChannelUse, Unchecked, Use } from '../../core/lineage/uses.ts'
import { paint, plural, table, wrap } from '../text.ts'

/** A revocation, or what takes one back, as a whole. */
export type RevocationPlan = {
  readonly root: string
  readonly title: string
  readonly plans: readonly MemberPlan[]
  readonly channels: readonly ChannelUse[]
  readonly uses: readonly Use[]
  readonly rebuilds: readonly Rebuild[]
  /** What a person should know beside it. */
  readonly notes: readonly string[]
  readonly unchecked: readonly Unchecked[]
}

type Screen = { readonly columns: number; readonly colour: boolean }
type Outcomes = ReadonlyMap<MemberPlan, { readonly why: string | undefined }>

const people = (consumers: readonly string[]): string =>
  consumers.map((one) => (one === everybody ? 'everybody' : one)).join(', ')

function stepWords(step: RevocationStep): string {
  switch (step.type) {
    case 'mark':
      return 'mark as revoked'
    case 'withdraw':
      return `withdraw from ${people(step.from)}`
    case 'share':
      return `share with ${people(step.with)}`
    case 'open':
      return 'MAKE PUBLIC'
    case 'unmark':
      return 'take the mark off'
  }
}

const whatOf = ({ steps, note }: MemberPlan): string =>
  [...steps.map(stepWords), ...(note === undefined ? [] : [note])].join('; ') || 'as it should be'

const command = (channel: ChannelUse): string =>
  `make rollback-channel IMAGE=${channel.image} CHANNEL=${channel.channel} REASON="..."`

/** A heading, and below it what stands under it; nothing where there is nothing. */
const part = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', heading, ...lines]

/** What would be done, what it means for whom, and what nobody could look at. */
export function renderRevocation(plan: RevocationPlan, { columns, colour }: Screen): string[] {
  const { title, plans, channels, uses, rebuilds, notes, unchecked } = plan
  const below = (text: string, indent: number): string[] =>
    wrap(text, columns - indent - 1).map((line) => ' '.repeat(indent) + line)
  const rows = plans.map((one) => [
    `  ${one.steps.length > 0 ? '~' : ' '}`,
    one.member.site.title,
    describeImage(one.member.image.id, one.member.image),
    whatOf(one),
  ])
  return [
    ...wrap(title, columns - 1, '  '),
    '',
    ...table(rows, 1),
    ...part(
      'Channels that name it, until they are taken back:',
      channels.flatMap((one) => [
        `  ${one.channel} of ${one.image} in ${one.site.title} (${one.architecture}): ${one.id}`,
        `    ${command(one)}`,
      ]),
    ),
    ...part(
      'What runs it goes on, until it is moved:',
      uses.flatMap((use) => [
        `  ${use.type} ${use.name} in ${use.site.title}: ${use.image}, ${plural(use.instances.length, 'instance')}`,
        ...below(use.remedy, 4),
      ]),
    ),
    ...part(
      'Bakes and ships anew:',
      rebuilds.flatMap(({ pipeline, why, held }) => [
        `  ${held === undefined ? '>' : '-'} ${pipeline}`,
        ...below(why, 4),
        ...(held === undefined ? [] : below(`not started: ${held}`, 4)),
      ]),
    ),
    ...part(
      'Note:',
      notes.flatMap((note) => below(note, 2)),
    ),
    ...part(
      paint('Not checked:', 'danger', colour && unchecked.length > 0),
      unchecked.flatMap(({ what, why }) => below(`${what}: ${why}`, 2)),
    ),
  ]
}

function ended(plan: MemberPlan, outcomes: Outcomes): { readonly state: string; readonly why: string | null } {
  const outcome = outcomes.get(plan)
  if (outcome === undefined) return { state: 'unchanged', why: plan.note ?? null }
  return outcome.why === undefined ? { state: 'done', why: plan.note ?? null } : { state: 'failed', why: outcome.why }
}

/** How it ended, a line each. */
export function renderRevoked({ root, plans }: RevocationPlan, outcomes: Outcomes): string {
  const all = plans.map((plan) => ({ plan, ...ended(plan, outcomes) }))
  if (all.every(({ state }) => state === 'unchanged')) return `${root}: nothing to mark or to withdraw`
  const rows = all.map(({ plan: { member }, state, why }) => [
    `  ${member.site.title}`,
    state,
    [member.image.id, why ?? ''].filter(Boolean).join('  '),
  ])
  return [root, ...table(rows)].join('\n')
}

const place = ({ site: { target, region } }: Pick<Use, 'site'>) => ({
  account: 'account' in target ? target.account : null,
  region,
})

/** The same as data; with outcomes, how each image ended. */
export const revocationAsData = (plan: RevocationPlan, outcomes?: Outcomes) => ({
  root: plan.root,
  images: plan.plans.map((one) => ({
    ...place(one.member),
    id: one.member.image.id,
    name: one.member.image.name,
    ...(outcomes === undefined ? { steps: one.steps, note: one.note ?? null } : ended(one, outcomes)),
  })),
  channels: plan.channels.map(({ site, ...one }) => ({
    ...place({ site }),
    ...one,
    command: command({ site, ...one }),
  })),
  uses: plan.uses.map(({ site, ...one }) => ({ ...place({ site }), ...one })),
  rebuilds: plan.rebuilds.map(({ held, ...one }) => ({ ...one, held: held ?? null })),
  notes: plan.notes,
  unchecked: plan.unchecked,
})
