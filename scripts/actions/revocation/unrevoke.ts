import { exitCodes } from '../../core/errors.ts'
import { describeImage } from '../../core/image/image-facts.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { revokedThrough } from '../../core/revocation/errors.ts'
import { planUnrevocation } from '../../core/lineage/plan-revocation.ts'
import { revocationOf } from '../../core/revocation/revocation.ts'
import { wantsJson } from '../../core/settings/settings.ts'
import {
  renderRevocation,
  renderRevoked,
  revocationAsData,
  type RevocationPlan,
} from '../../view/distribution/revocation.ts'
import { findFamily, type RevocationSettings } from './find-family.ts'
import { runPlans } from './run-plans.ts'

/**
 * What takes a revocation back.
 * @throws RigletError NOT_FOUND | IMAGE | FILE
 */
async function plan(settings: RevocationSettings, ports: Ports): Promise<RevocationPlan> {
  const { root, members, revocations, ancestorsOf, unchecked } = await findFamily(settings, ports)
  const own = members.flatMap(({ image }) => (image.id === root ? (revocationOf(image.tags) ?? []) : []))[0]
  if (own !== undefined && own.root !== '' && own.root !== root) throw revokedThrough(root, own.root)
  const plans = members.map((member) => planUnrevocation(member, root, revocations, ancestorsOf))
  const facts = members.find(({ image }) => image.id === root)?.image
  return {
    root,
    title: `Take the revocation of ${describeImage(root, facts)} back`,
    plans: plans.filter(({ steps, note }) => steps.length > 0 || note !== undefined),
    channels: [],
    uses: [],
    rebuilds: [],
    notes: [],
    unchecked,
  }
}

/**
 * `make unrevoke`: lets an image, its copies and what was made of them be rolled out again, and shares each with whom it was
 * shared with before. What was baked meanwhile stays.
 * @throws RigletError NOT_FOUND | IMAGE | FILE
 */
export async function unrevoke(settings: RevocationSettings, ports: Ports): Promise<number> {
  const revocation = await plan(settings, ports)
  const { terminal } = ports
  const quiet = wantsJson(settings)
  const { root, plans, unchecked } = revocation
  if (plans.every(({ steps }) => steps.length === 0)) {
    terminal.show(quiet ? JSON.stringify(revocationAsData(revocation), null, 2) : `${root}: it is not revoked`)
    return unchecked.length > 0 ? exitCodes.failed : exitCodes.ok
  }
  if (!quiet) terminal.show(renderRevocation(revocation, terminal).join('\n'))
  if (!(await terminal.confirm(`Let ${root} be rolled out again?`))) return exitCodes.ok
  const outcomes = await runPlans(plans, ports)
  const ran = new Map(outcomes.map((one) => [one.plan, one]))
  terminal.show(quiet ? JSON.stringify(revocationAsData(revocation, ran), null, 2) : renderRevoked(revocation, ran))
  return outcomes.some(({ why }) => why !== undefined) || unchecked.length > 0 ? exitCodes.failed : exitCodes.ok
}
