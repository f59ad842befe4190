import type { RigletError } from '../core/errors.ts'
import { imageSurprise } from '../core/image/use-errors.ts'
import { imageSurprises } from '../core/stack/image-surprises.ts'
import { planStays } from '../core/stack/errors.ts'
import type { PlannedChanges } from '../core/ports/stacks.ts'
import type { Ports } from '../core/ports/ports.ts'
import { describeImage } from '../core/image/image-facts.ts'
import type { StackPlan } from '../core/stack/plan.ts'
import type { DesiredStack } from '../core/stack/desired.ts'
import { planSummary, renderPlan } from '../view/plan.ts'
import type { Item } from './decide-stacks.ts'
import { storeTemplates } from './store-templates.ts'

export const isChange = (plan: StackPlan): plan is PlannedChanges => plan.type === 'changes'

/**
 * A change set for each, made side by side; one that fails takes the others with it: none of them stays behind.
 * @throws RigletError TEMPLATE | CHANGE_SET | STACK_NEEDED | STACK_BUSY | IMAGE
 */
export async function makePlans(
  items: readonly Item[],
  ports: Pick<Ports, 'stacks' | 'buckets'>,
): Promise<StackPlan[]> {
  const all = items.map(({ desired }) => desired)
  await checkTemplates(all)
  const urls = await storeTemplates(all, ports)
  const results = await Promise.allSettled(
    items.map(({ desired, decision }) =>
      ports.stacks.plan(desired, decision.type === 'plan' ? decision.state : undefined, urls.get(desired.template)),
    ),
  )
  const plans = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failed = results.find((result) => result.status === 'rejected')
  const failure: unknown = failed === undefined ? surpriseIn(all, plans) : failed.reason
  if (failure === undefined) return plans
  const left = await discardEach(plans, ports)
  throw left.reduce((known: unknown, { stack, why }) => planStays(known, stack, why), failure)
}

/** An app gets the image that was asked for, and no other one (B05). */
function surpriseIn(desired: readonly DesiredStack[], plans: readonly StackPlan[]): RigletError | undefined {
  for (const plan of plans) {
    const image = desired.find(({ name }) => name === plan.stack)?.parameters['ImageId']
    if (image === undefined || !isChange(plan) || plan.operation === 'create') continue
    const surprises = imageSurprises(plan.changes, image)
    if (surprises.length > 0) return imageSurprise(plan.stack, image, surprises)
  }
  return undefined
}

/**
 * Faults of form are found here, with their lines, before anything is asked of AWS.
 * @throws RigletError TEMPLATE
 */
async function checkTemplates(desired: readonly DesiredStack[]): Promise<void> {
  // Only what is going to be planned is parsed, and the parser loaded.
  const { readTemplate } = await import('../core/stack/template/read-template.ts')
  for (const { file, template } of new Map(desired.map((stack) => [stack.file, stack])).values()) {
    readTemplate(file, template)
  }
}

/** One that cannot be removed does not keep the others. */
export async function discardPlans(plans: readonly StackPlan[], ports: Pick<Ports, 'stacks'>): Promise<void> {
  const [left] = await discardEach(plans, ports)
  if (left !== undefined) throw left.why
}

type Left = { readonly stack: string; readonly why: unknown }

const discardEach = async (plans: readonly StackPlan[], { stacks }: Pick<Ports, 'stacks'>): Promise<Left[]> => {
  const left = await Promise.all(
    plans.filter(isChange).map((plan) =>
      stacks.discard(plan).then(
        () => [],
        (why: unknown) => [{ stack: plan.stack, why }],
      ),
    ),
  )
  return left.flat()
}

/** `brief`: what is only new gets a line, not a list. `json`: standard output is kept for the outcome as data. */
export type PlanStyle = {
  readonly commitTag: string | undefined
  readonly brief?: boolean
  readonly json?: boolean
}

/** Plans stand in the order of the items they were made for. */
export async function showPlans(
  items: readonly Item[],
  plans: readonly StackPlan[],
  { commitTag, brief = false, json = false }: PlanStyle,
  ports: Pick<Ports, 'images' | 'terminal'>,
): Promise<void> {
  const { columns, colour } = ports.terminal
  const label = await labelImages(plans, ports, commitTag)
  const tell = json ? ports.terminal.say : ports.terminal.show
  for (const [index, plan] of plans.entries()) {
    const title = items[index]!.desired.title
    if (brief && isChange(plan) && plan.operation === 'create') ports.terminal.say(`${title}: ${planSummary(plan)}`)
    else tell(`${renderPlan(title, plan, { columns, colour, label })}\n`)
  }
}

const imageIds = (plans: readonly StackPlan[]): string[] => {
  const values = plans.flatMap((plan) =>
    plan.type === 'unchanged'
      ? []
      : plan.changes.flatMap(({ properties }) => properties.flatMap(({ before, after }) => [before, after])),
  )
  return [...new Set(values.flatMap((value) => value?.match(/\bami-[0-9a-f]{8,17}\b/g) ?? []))]
}

/** An AMI's id tells nobody anything: beside it stand its version and commit. */
async function labelImages(
  plans: readonly StackPlan[],
  { images }: Pick<Ports, 'images'>,
  commitTag: string | undefined,
): Promise<(value: string) => string> {
  const ids = imageIds(plans)
  const facts = ids.length === 0 ? [] : await images.describe(ids)
  const byId = new Map(facts.map((image) => [image.id, image]))
  return (value) => (ids.includes(value) ? describeImage(value, byId.get(value), commitTag) : value)
}
