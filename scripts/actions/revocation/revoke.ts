import { canonicalJson, sha256 } from '../../core/canonical.ts'
import { needsRole } from '../../core/access/target.ts'
import { everybody } from '../../core/distribution/place.ts'
import { exitCodes } from '../../core/errors.ts'
import { describeImage } from '../../core/image/image-facts.ts'
import { ofLayer } from '../../core/layers/layers.ts'
import { tagsOf } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { longReason } from '../../core/revocation/errors.ts'
import { planRevocation } from '../../core/lineage/plan-revocation.ts'
import { mostCharacters, type Revocation } from '../../core/revocation/revocation.ts'
import { rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { orUnchecked } from '../../engine/of-many.ts'
import {
  renderRevocation,
  renderRevoked,
  revocationAsData,
  type RevocationPlan,
} from '../../view/distribution/revocation.ts'
import { lookForUses } from '../lineage/look-for-uses.ts'
import { findFamily, type Family, type RevocationSettings } from './find-family.ts'
import { planRebuilds } from './plan-rebuilds.ts'
import { runPlans, type MemberOutcome } from './run-plans.ts'

type RevokeSettings = RevocationSettings & Settings<'REASON'>

/** The revocation that the image has already, so that all that is found later gets the same; or else a new one. */
async function revocationFor({ root, revocations }: Family, reason: string, ports: Ports): Promise<Revocation> {
  const earlier = revocations.find((one) => one.root === root)
  if (earlier !== undefined) return earlier
  const at = ports.clock.now().toISOString().replace(/\.\d+/, '')
  return { root, at, by: await ports.account.caller(), reason }
}

async function plan(settings: RevokeSettings, ports: Ports): Promise<RevocationPlan & { readonly since: string }> {
  if ([...settings.REASON].length > mostCharacters) throw longReason([...settings.REASON].length)
  const riglet = rigletOf(settings)
  const [family, listed] = await Promise.all([
    findFamily(settings, ports),
    orUnchecked(ports.stacks.list(tagsOf(riglet))),
  ])
  const stacks = 'type' in listed ? [] : listed
  const revocation = await revocationFor(family, settings.REASON, ports)
  const [{ uses, channels, unchecked }, rebuilds] = await Promise.all([
    lookForUses(riglet, [...family.ids], family.sites, ofLayer('app', stacks), ports),
    planRebuilds(riglet, stacks, family, revocation.at, ports),
  ])
  const facts = family.members.find(({ image }) => image.id === family.root)?.image
  return {
    root: family.root,
    since: revocation.at,
    title: `Revoke ${describeImage(family.root, facts)}, its copies and all that was made of them: ${revocation.reason}`,
    plans: family.members.map((member) => planRevocation(member, revocation, family.ancestorsOf)),
    uses,
    channels,
    rebuilds,
    notes: notesOn(family),
    unchecked: [
      ...family.unchecked,
      ...unchecked,
      ...('type' in listed ? [{ what: 'stacks of the riglet', why: listed.why }] : []),
    ],
  }
}

/** What a revocation does to whoever runs the images: accounts that we cannot look into may be among them. */
function notesOn({ members, sites, desired }: Family): readonly string[] {
  const looked = new Set(sites.flatMap(({ target }) => (needsRole(target) ? [target.account] : [])))
  const losing = [...new Set(members.flatMap(({ shared }) => shared))].filter((one) => !looked.has(one))
  const names = new Map(Object.entries(desired.accounts).map(([name, { account }]) => [account, name]))
  const said = losing.map((one) => {
    if (one === everybody) return 'anybody who used it while it was public'
    return names.has(one) ? `${names.get(one)} (${one})` : one
  })
  return [
    'No image is disabled: groups of the account that has it go on to replace instances from it.',
    ...(members.every(({ shared }) => shared.length === 0)
      ? []
      : ['Whom it is withdrawn from can launch nothing from it any more, to replace an instance either.']),
    ...(said.length === 0
      ? []
      : [`What runs there is not looked at, for no role lets us in: ${said.sort().join(', ')}`]),
  ]
}

/** `make plan-revoke`: which images would be marked and withdrawn where, who runs them, and what would be baked anew. */
export async function planRevoke(settings: RevokeSettings, ports: Ports): Promise<number> {
  const revocation = await plan(settings, ports)
  const { terminal } = ports
  terminal.show(
    wantsJson(settings)
      ? JSON.stringify(revocationAsData(revocation), null, 2)
      : renderRevocation(revocation, terminal).join('\n'),
  )
  return revocation.unchecked.length > 0 ? exitCodes.failed : exitCodes.ok
}

/**
 * `make revoke`: marks an image, its copies and all that was made of them, withdraws them from whom they are shared with, and
 * starts the pipelines that need another one (B13). Run again, it does what is missing, and what was copied meanwhile.
 * @throws RigletError NOT_FOUND | SETTINGS | FILE
 */
export async function revoke(settings: RevokeSettings, ports: Ports): Promise<number> {
  const revocation = await plan(settings, ports)
  const { terminal } = ports
  const quiet = wantsJson(settings)
  if (!quiet) terminal.show(renderRevocation(revocation, terminal).join('\n'))
  let outcomes: readonly MemberOutcome[] = []
  if (revocation.plans.some(({ steps }) => steps.length > 0)) {
    if (!(await terminal.confirm(`Revoke ${revocation.root}?`))) return exitCodes.ok
    outcomes = await runPlans(revocation.plans, ports)
  }
  const ran = new Map(outcomes.map((one) => [one.plan, one]))
  terminal.show(quiet ? JSON.stringify(revocationAsData(revocation, ran), null, 2) : renderRevoked(revocation, ran))
  const failed = outcomes.some(({ why }) => why !== undefined)
  // An image that is not marked yet would be found again by a bake of the same inputs.
  const started = failed ? false : await startRebuilds(revocation, ports)
  return failed || !started || revocation.unchecked.length > 0 ? exitCodes.failed : exitCodes.ok
}

/** Each once for a revocation, however often it is asked for. */
async function startRebuilds(
  { root, since, rebuilds }: RevocationPlan & { readonly since: string },
  { pipelines, terminal }: Pick<Ports, 'pipelines' | 'terminal'>,
): Promise<boolean> {
  const due = rebuilds.filter(({ held }) => held === undefined).map(({ pipeline }) => pipeline)
  if (due.length === 0 || !(await terminal.confirm(`Start ${due.join(', ')}, to bake and ship anew?`))) return true
  const started = await Promise.all(
    due.map(async (name) => ({
      name,
      asked: await orUnchecked(pipelines.start(name, sha256(canonicalJson([root, since, name])))),
    })),
  )
  for (const { name, asked } of started)
    terminal.say(typeof asked === 'string' ? `Started ${name}: ${asked}` : `! ${name} was not started: ${asked.why}`)
  return started.every(({ asked }) => typeof asked === 'string')
}
