import type { CleaningPlan } from '../../core/cleaning/plan-cleaning.ts'
import { exitCodes } from '../../core/errors.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { wantsJson } from '../../core/settings/settings.ts'
import { cleaningAsData, renderCleaned, renderCleaning } from '../../view/distribution/cleaning.ts'
import { plural } from '../../view/text.ts'
import type { CleaningSettings } from './look-everywhere.ts'
import { makePlan } from './make-plan.ts'
import { runCleaning } from './run-cleaning.ts'

/**
 * `make plan-clean-images`: why each image of the riglet stays or goes, in all of its accounts and regions (B08, G25).
 * @throws RigletError SETTINGS | FILE
 */
export async function planCleanImages(settings: CleaningSettings, ports: Ports): Promise<number> {
  const plan = await makePlan(settings, ports)
  ports.terminal.show(
    wantsJson(settings)
      ? JSON.stringify(cleaningAsData(plan), null, 2)
      : renderCleaning(plan, ports.terminal).join('\n'),
  )
  return isUnchecked(plan) ? exitCodes.failed : exitCodes.ok
}

/**
 * `make clean-images`: takes every image that goes one step further on its way: asked about, disabled, and some days later
 * deregistered with its snapshots. Shown first, and asked.
 * @throws RigletError SETTINGS | FILE
 */
export async function cleanImages(settings: CleaningSettings, ports: Ports): Promise<number> {
  const plan = await makePlan(settings, ports)
  const quiet = wantsJson(settings)
  if (!quiet) ports.terminal.show(renderCleaning(plan, ports.terminal).join('\n'))
  const going = plan.images.filter(({ verdict }) => verdict.type === 'goes').length
  const spare = plan.snapshots.filter(({ unchecked }) => unchecked === undefined).length
  if (going + spare === 0) {
    if (quiet) ports.terminal.show(JSON.stringify(cleaningAsData(plan), null, 2))
    return isUnchecked(plan) ? exitCodes.failed : exitCodes.ok
  }
  if (!(await ports.terminal.confirm(questionOf(going, spare)))) return exitCodes.ok
  const outcomes = await runCleaning(plan, ports)
  ports.terminal.show(renderCleaned(outcomes, quiet))
  const failed = outcomes.some(({ failure }) => failure !== undefined)
  return failed || isUnchecked(plan) ? exitCodes.failed : exitCodes.ok
}

const questionOf = (images: number, snapshots: number): string =>
  [
    ...(images > 0 ? [`Take ${plural(images, 'image')} a step further`] : []),
    ...(snapshots > 0 ? [`${images > 0 ? 'and delete' : 'Delete'} ${plural(snapshots, 'snapshot')}`] : []),
  ].join(' ') + '?'

const isUnchecked = ({ gaps }: CleaningPlan): boolean => gaps.length > 0
