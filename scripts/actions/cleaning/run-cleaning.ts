import { disabledTag, type CleaningStep } from '../../core/cleaning/goings.ts'
import type { CleaningPlan, ImagePlan } from '../../core/cleaning/plan-cleaning.ts'
import type { Site } from '../../core/distribution/sites.ts'
import type { Ports, Regional } from '../../core/ports/ports.ts'
import type { Cleaned } from '../../view/distribution/cleaning.ts'
import { orUnchecked } from '../../engine/of-many.ts'

type RunPorts = Pick<Ports, 'at' | 'clock'>

/**
 * Does what was planned: all accounts and regions at once, image after image in each, and snapshots that are left over when
 * the images are done. What fails is told, and holds no other back; Ctrl-C ends it.
 */
export async function runCleaning(plan: CleaningPlan, ports: RunPorts): Promise<readonly Cleaned[]> {
  const sites = [...new Set([...plan.images, ...plan.snapshots].map(({ site }) => site))]
  return (await Promise.all(sites.map((site) => runAt(site, plan, ports)))).flat()
}

async function runAt(site: Site, plan: CleaningPlan, { at, clock }: RunPorts): Promise<readonly Cleaned[]> {
  const there = at(site.target)
  const cleaned: Cleaned[] = []
  const failureOf = async (work: Promise<unknown>): Promise<string | undefined> =>
    (await orUnchecked(work.then(() => undefined)))?.why
  for (const one of plan.images.filter((image) => image.site === site)) {
    if (one.verdict.type !== 'goes') continue
    const { steps } = one.verdict
    const failure = await failureOf(runSteps(steps, one, there, clock))
    cleaned.push({ site, id: one.image.id, steps, failure })
  }
  for (const { id, unchecked } of plan.snapshots.filter((snapshot) => snapshot.site === site)) {
    if (unchecked !== undefined) continue
    cleaned.push({ site, id, steps: [], failure: await failureOf(there.images.removeSnapshot(id)) })
  }
  return cleaned
}

async function runSteps(
  steps: readonly CleaningStep[],
  { image: { id } }: ImagePlan,
  { imageUses, publishing, retirement }: Regional,
  clock: Ports['clock'],
): Promise<void> {
  for (const step of steps)
    switch (step.type) {
      case 'ask':
        await imageUses.askForReport(id)
        break
      case 'disable':
        // The mark first: a disabled image that says since when it is, is on its way out.
        await publishing.tag([id], {
          [disabledTag]: clock
            .now()
            .toISOString()
            .replace(/\.\d+Z$/, 'Z'),
        })
        await retirement.disable(id)
        break
      case 'unprotect':
        await retirement.unprotect(id)
        break
      case 'deregister':
        await retirement.deregister(id)
        break
    }
}
