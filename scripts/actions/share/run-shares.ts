import { targetName } from '../../core/access/target.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { notShown } from '../../core/share/errors.ts'
import type { SharePlan } from '../../core/share/plan-share.ts'
import { until } from '../../core/until.ts'
import { orUnchecked } from '../../engine/of-many.ts'

/** Another account sees what is shared with it after some seconds. */
const shownMinutes = 2

type RunPorts = Pick<Ports, 'at' | 'clock' | 'terminal'>

/** Why it failed, of those that did. All accounts and regions at once; in each, an image after the other. */
export async function runShares(plans: readonly SharePlan[], ports: RunPorts): Promise<ReadonlyMap<SharePlan, string>> {
  const failures = new Map<SharePlan, string>()
  const places = Map.groupBy(plans, ({ chosen }) => targetName(chosen.consumer.target))
  const ended = await Promise.allSettled(
    [...places].map(async ([title, here]) => {
      for (const plan of here) {
        const { image } = plan.chosen
        const failure = await orUnchecked(runSteps(plan, ports))
        if (failure !== undefined) failures.set(plan, failure.why)
        ports.terminal.say(
          failure === undefined ? `  ${title} has ${image.id}` : `! ${title}: ${image.id}: ${failure.why}`,
        )
      }
    }),
  )
  const thrown = ended.find(({ status }) => status === 'rejected')
  if (thrown?.status === 'rejected') throw thrown.reason
  return failures
}

/** Each step is safe to repeat, and EC2 alone tells whether it is done. */
async function runSteps({ chosen, steps }: SharePlan, { at, clock }: RunPorts): Promise<undefined> {
  const { image, local, consumer } = chosen
  const there = at(consumer.target)
  for (const step of steps)
    switch (step.type) {
      case 'share': {
        await at(local.source).publishing.share(image.id, step.with)
        const shown = await until(clock, () => there.images.describe([image.id]), {
          done: (found) => found.length > 0,
          pause: { least: 1000, most: 5000 },
          minutes: shownMinutes,
        })
        if (shown.length === 0) throw notShown(image.id, consumer.account)
        break
      }
      case 'tag':
        await there.publishing.tag([image.id], step.tags)
        break
    }
}
