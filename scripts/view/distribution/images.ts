import type { Change } from '../../core/distribution/document.ts'
import { holds, type ReplicaPlan } from '../../core/distribution/plan-replica.ts'
import type { Step } from '../../core/distribution/step.ts'
import type { Gate, PlannedWave } from '../../core/distribution/waves.ts'
import { describeImage, type ImageFacts } from '../../core/image/image-facts.ts'
import { manifestFile, type Manifest } from '../../core/manifest/manifest.ts'
import { paint, plural, table, wrap } from '../text.ts'

type Subject = {
  readonly image: { readonly name: string; readonly architectures: readonly string[] }
  readonly candidates: readonly ImageFacts[]
  readonly how: string
}
type Screen = { readonly columns: number; readonly colour: boolean }

export function stepWords(step: Step): string {
  switch (step.type) {
    case 'admit':
      return `let ${step.account} copy ${step.image}`
    case 'discard':
      return `remove ${step.id}, which failed`
    case 'copy':
      return step.key === undefined ? 'copy' : `copy, encrypted under ${step.key}`
    case 'await':
      return `wait for ${step.id}`
    case 'enable':
      return 'enable'
    case 'tag':
      return `tag ${Object.keys(step.tags).join(', ')}`
    case 'protect':
      return 'protect from deregistration'
    case 'deprecate':
      return step.at === null ? 'deprecate no more' : `deprecate at ${step.at}`
    case 'share':
      return `share with ${step.with.join(', ')}`
    case 'open':
      return 'MAKE PUBLIC'
  }
}

const isAdmission = ({ type }: Step): boolean => type === 'admit'

/** Its sign, and what is said of it. */
function stateOf(plan: ReplicaPlan): readonly [string, string] {
  const { held, faults, unchecked, steps } = plan
  if (unchecked !== undefined) return ['?', `not checked: ${unchecked}`]
  if (faults.length > 0) return ['!', faults.join('; ')]
  if (steps.length > 0)
    return [
      steps.some(({ type }) => type === 'copy') ? '+' : '~',
      steps
        .filter((step) => !isAdmission(step))
        .map(stepWords)
        .join('; '),
    ]
  return [' ', `${held?.id ?? ''}, ${plan.replica.place.home ? 'the candidate itself' : 'as it should be'}`]
}

const place = ({ replica }: ReplicaPlan, several: boolean): string =>
  several ? `${replica.place.title} ${replica.candidate.architecture}` : replica.place.title

const gateWords = ({ minutes, alarm }: Gate): string =>
  [
    'then',
    ...(minutes > 0 ? [`${plural(minutes, 'minute')} after the newest copy`] : []),
    ...(alarm === undefined ? [] : [`if the alarm ${alarm} is quiet`]),
  ].join(' ')

/** What there is and what is to be done, place by place. */
export function renderDistribution(
  { image, candidates, how }: Subject,
  waves: readonly PlannedWave[],
  { columns, colour }: Screen,
): string[] {
  const several = image.architectures.length > 1
  const all = waves.flatMap(({ plans }) => plans)
  // The same for all regions of an account.
  const admissions = new Set(all.flatMap(({ steps }) => steps.filter(isAdmission).map(stepWords)))
  const width = Math.max(...all.map((plan) => place(plan, several).length))
  const indent = ' '.repeat(width + 6)
  const line = (plan: ReplicaPlan): string[] => {
    const [sign, words] = stateOf(plan)
    const head = `  ${sign} ${place(plan, several).padEnd(width)}  `
    const told = [words, ...plan.notes.map((note) => `note: ${note}`)]
    return told.flatMap((text, index) => {
      const [first = '', ...rest] = wrap(text, columns - indent.length - 1)
      const painted = sign === '!' || sign === '?' ? paint(first, 'danger', colour) : first
      return [`${index === 0 ? head : indent}${painted}`.trimEnd(), ...rest.map((part) => indent + part)]
    })
  }
  return [
    ...candidates.map((one) => `${image.name}  ${one.architecture}  ${describeImage(one.id, one)}`),
    `  ${how}`,
    '',
    ...[...admissions].map((words) => `  + ${words}`),
    ...waves.flatMap(({ plans, gate }) => [
      ...plans.flatMap(line),
      ...(gate === undefined ? [] : [`  - ${gateWords(gate)}`]),
    ]),
  ]
}

/** What is published, a line each. */
export const renderManifest = (manifest: Manifest): string[] =>
  table(
    Object.entries(manifest).flatMap(([useCase, regions]) =>
      Object.entries(regions).flatMap(([region, entries]) =>
        entries.map(({ architecture, id, public: open, deprecation_time: end }) => [
          useCase,
          region,
          architecture,
          id,
          [open ? 'public' : 'not public', ...(end ? [`deprecated at ${end}`] : [])].join(', '),
        ]),
      ),
    ),
  )

export const renderManifestChanges = (changes: readonly Change[], file = manifestFile): string[] =>
  changes.length === 0
    ? []
    : [
        '',
        file,
        ...table(
          changes.map(({ useCase, region, architecture, from, to }) => [
            from === undefined ? '  +' : to === undefined ? '  -' : '  ~',
            useCase,
            region,
            architecture,
            [from, to].filter((id) => id !== undefined).join(' -> '),
          ]),
        ),
      ]

type Outcomes = ReadonlyMap<
  ReplicaPlan,
  { readonly type: 'done'; readonly id: string } | { readonly type: 'failed'; readonly why: string }
>

function ended(
  plan: ReplicaPlan,
  outcomes: Outcomes,
): { readonly state: string; readonly id: string; readonly why: string } {
  const outcome = outcomes.get(plan)
  const id = plan.held?.id ?? ''
  if (outcome?.type === 'failed') return { state: 'failed', id, why: outcome.why }
  if (outcome?.type === 'done') return { state: 'done', id: outcome.id, why: '' }
  if (plan.unchecked !== undefined) return { state: 'unchecked', id: '', why: plan.unchecked }
  if (plan.faults.length > 0) return { state: 'refused', id, why: plan.faults.join('; ') }
  return holds(plan)
    ? { state: 'unchanged', id, why: '' }
    : { state: 'held back', id, why: 'an earlier wave is not complete' }
}

/** How it ended, a line each; as data where that was asked for. */
export function renderOutcome(
  { image }: Subject,
  plans: readonly ReplicaPlan[],
  outcomes: Outcomes,
  json: boolean,
): string {
  const several = image.architectures.length > 1
  const all = plans.map((plan) => ({ plan, ...ended(plan, outcomes) }))
  if (json)
    return JSON.stringify(
      {
        image: image.name,
        places: all.map(({ plan: { replica }, state, id, why }) => ({
          ...placeAsData(replica),
          state,
          id: id || null,
          ...(why === '' ? {} : { why }),
        })),
      },
      null,
      2,
    )
  if (all.every(({ state }) => state === 'unchanged')) return `${image.name}: nothing to do`
  const rows = all.map(({ plan, state, id, why }) => [
    `  ${place(plan, several)}`,
    state,
    [id, why].filter(Boolean).join('  '),
  ])
  return [image.name, ...table(rows)].join('\n')
}

const placeAsData = ({ place: { target, region }, candidate, name }: ReplicaPlan['replica']) => ({
  account: 'account' in target ? target.account : null,
  region,
  architecture: candidate.architecture,
  candidate: candidate.id,
  name,
})

/** The same as data. */
export const planAsData = ({ image, how }: Subject, waves: readonly PlannedWave[]) => ({
  image: image.name,
  how,
  waves: waves.map(({ plans, gate }) => ({
    places: plans.map(({ replica, held, steps, faults, unchecked, notes }) => ({
      ...placeAsData(replica),
      id: held?.id ?? null,
      steps,
      faults,
      unchecked: unchecked ?? null,
      notes,
    })),
    gate: gate ?? null,
  })),
})
