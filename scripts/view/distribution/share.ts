import { targetName } from '../../core/access/target.ts'
import { describeImage } from '../../core/image/image-facts.ts'
import type { Choice, Gap, OneCommit } from '../../core/share/choose-images.ts'
import type { SharePlan } from '../../core/share/plan-share.ts'
import { paint, table, wrap } from '../text.ts'
import { stepWords } from './images.ts'

/** What is to be shared, as far as it could be looked at. */
export type Sharing = Choice & {
  readonly plans: readonly SharePlan[]
  /** undefined: every image that fits. */
  readonly one: OneCommit | undefined
}
type Screen = { readonly columns: number; readonly colour: boolean }

const placeOf = ({ chosen: { consumer } }: SharePlan): string => `${consumer.name} ${targetName(consumer.target)}`

/** Its sign, and what is said of it. */
function stateOf({ steps, fault, unchecked }: SharePlan): readonly [string, string] {
  if (unchecked !== undefined) return ['?', `not checked: ${unchecked}`]
  if (fault !== undefined) return ['!', fault]
  if (steps.length === 0) return [' ', 'as it should be']
  return [steps.some(({ type }) => type === 'share') ? '+' : '~', steps.map(stepWords).join('; ')]
}

const gapWords = ({ share, title, state, why }: Gap): string => `${share}  ${title}  ${state}: ${why}`

/** What would be done, image by image, a line for each account. */
export function renderShares({ plans, gaps }: Sharing, { columns, colour }: Screen): string[] {
  const images = [...Map.groupBy(plans, ({ chosen }) => chosen.image.id).values()]
  const width = Math.max(...plans.map((plan) => placeOf(plan).length))
  const indent = ' '.repeat(6)
  const line = (plan: SharePlan): string[] => {
    const [sign, words] = stateOf(plan)
    const told = wrap(words, columns - indent.length - 1)
    const short = told.length === 1 && width + words.length + 6 < columns
    const shown = told.map((part) => (sign === '!' || sign === '?' ? paint(part, 'danger', colour) : part))
    const head = `  ${sign} ${placeOf(plan)}`
    return short
      ? [`  ${sign} ${placeOf(plan).padEnd(width)}  ${shown[0]!}`]
      : [head, ...shown.map((part) => indent + part)]
  }
  const blocks = images.map((here) => {
    const { image, local } = here[0]!.chosen
    return [`${describeImage(image.id, image)}  ${image.name}`, `  of ${local.title}`, ...here.flatMap(line)]
  })
  return [...blocks, gaps.map(gapWords)]
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : ['', ...block]))
}

type Ended = { readonly state: string; readonly why?: string }

function ended(plan: SharePlan, failures: ReadonlyMap<SharePlan, string>): Ended {
  const failed = failures.get(plan)
  if (failed !== undefined) return { state: 'failed', why: failed }
  if (plan.unchecked !== undefined) return { state: 'unchecked', why: plan.unchecked }
  if (plan.fault !== undefined) return { state: 'refused', why: plan.fault }
  return { state: plan.steps.length === 0 ? 'unchanged' : 'done' }
}

/** How it ended, a line each; as data where that was asked for. */
export function renderShared(sharing: Sharing, failures: ReadonlyMap<SharePlan, string>, json: boolean): string {
  const all = sharing.plans.map((plan) => ({ plan, ...ended(plan, failures) }))
  if (json) {
    const images = all.map(({ plan, ...how }) => ({ ...planAsData(plan), ...how }))
    return JSON.stringify({ images, gaps: sharing.gaps }, null, 2)
  }
  const gaps = sharing.gaps.map(gapWords)
  const idle = sharing.one === undefined && sharing.gaps.every(({ state }) => state === 'not available')
  if (all.every(({ state }) => state === 'unchanged') && (idle || gaps.length === 0))
    return ['share: nothing to do', ...gaps].join('\n')
  const rows = all.map(({ plan, state, why }) => [`  ${placeOf(plan)}`, plan.chosen.image.id, state, why ?? ''])
  return ['share', ...table(rows), ...gaps].join('\n')
}

const planAsData = ({ chosen: { image, local, consumer } }: SharePlan) => ({
  id: image.id,
  name: image.name,
  architecture: image.architecture,
  region: local.region,
  owner: image.account,
  account: consumer.account,
  consumer: consumer.name,
})

/** The plan as data. */
export const shareAsData = ({ plans, gaps }: Sharing) => ({
  images: plans.map((plan) => ({
    ...planAsData(plan),
    steps: plan.steps,
    fault: plan.fault ?? null,
    unchecked: plan.unchecked ?? null,
  })),
  gaps,
})
