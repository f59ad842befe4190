import type { Ports, Regional } from '../../core/ports/ports.ts'
import type { MemberPlan, RevocationStep } from '../../core/lineage/plan-revocation.ts'
import { orUnchecked } from '../../engine/of-many.ts'

/** `why`: it failed. */
export type MemberOutcome = { readonly plan: MemberPlan; readonly why: string | undefined }

/** All images at once, the steps of each in their order. What fails at one holds no other back. */
export const runPlans = (plans: readonly MemberPlan[], { at }: Pick<Ports, 'at'>): Promise<readonly MemberOutcome[]> =>
  Promise.all(
    plans
      .filter(({ steps }) => steps.length > 0)
      .map(async (plan) => {
        const { site, image } = plan.member
        const there = at(site.target)
        const failure = await orUnchecked(
          plan.steps.reduce(async (before, step) => {
            await before
            await run(step, image.id, there)
          }, Promise.resolve()),
        )
        return { plan, why: failure?.why }
      }),
  )

function run(step: RevocationStep, id: string, { publishing }: Regional): Promise<void> {
  switch (step.type) {
    case 'mark':
      return publishing.tag([id], step.tags)
    case 'withdraw':
      return publishing.withdraw(id, step.from)
    case 'share':
      return publishing.share(id, step.with)
    case 'open':
      return publishing.makePublic(id)
    case 'unmark':
      return publishing.untag([id], step.keys)
  }
}
