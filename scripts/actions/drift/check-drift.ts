import { noRiglet } from '../../core/riglet/errors.ts'
import { isClaimed, missingFindings, type Claims } from '../../core/drift/missing.ts'
import { unchecked, type DriftReport } from '../../core/drift/report.ts'
import { foundation } from '../../core/layers/foundation.ts'
import { environmentIn, inEnvironment, layerOf, ofLayer } from '../../core/layers/layers.ts'
import { environments, rigletName, tagsOf, type Environment, type Riglet } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { exists, type StackState } from '../../core/stack/state.ts'
import { approvedImages, readHistories, type Approved } from '../approval/approved-images.ts'
import { findRollbacks } from '../rollback/find-rollbacks.ts'
import { lookAtGroups } from '../image/look-at-groups.ts'
import { checkApps } from './check-apps.ts'
import { checkStack, type Part } from './check-stack.ts'

/**
 * Stack drift and image drift of one environment or of all, everything side by side; what all environments share
 * (artifacts, pipelines) is checked when no environment is named. What AWS refuses to tell is a finding of its own.
 * @throws RigletError NOT_FOUND when there is no riglet at all
 */
export async function checkDrift(
  { riglet, region }: { readonly riglet: Riglet; readonly region: string },
  only: Environment | undefined,
  ports: Ports,
): Promise<DriftReport> {
  const stacks = (await ports.stacks.list(tagsOf(riglet))).filter(exists)
  const shared = stacks.filter((state) => layerOf(state) !== undefined && environmentIn(state) === undefined)
  const pipelines = ofLayer('pipeline', stacks).map(({ name }) => name)
  const ownOf = (environment: Environment) => inEnvironment(environment, stacks)
  if (shared.length === 0 && environments.every((environment) => ownOf(environment).length === 0))
    throw noRiglet(riglet, region)
  // Of all environments at once, and while the rest is read: a failure is told where it is waited for.
  const apps = (only === undefined ? environments : [only]).flatMap((environment) =>
    ofLayer('app', ownOf(environment)).map((stack) => ({ environment, stack })),
  )
  const looks = lookAtGroups(
    apps.map(({ stack }) => stack),
    ports,
  )
  looks.catch(() => undefined)
  const historyOf = readHistories(riglet, ports)
  const rollbacks = findRollbacks(riglet, apps, historyOf, ports)
  rollbacks.catch(() => undefined)
  const approved = await approvedImages(stacks, historyOf)
  const claimsOf = (environment: Environment): Claims => ({
    // Groups that follow a repository stand by themselves.
    stacks: ownOf(environment).flatMap((state) => (layerOf(state) === 'group' ? [] : [state.name])),
    pipelines,
    deployed: [...approved.images].flatMap(([name, one]) => (one.environment === environment ? [name] : [])),
  })
  const chosen =
    only === undefined ? environments.filter((one) => isClaimed(claimsOf(one)) || ownOf(one).length > 0) : [only]
  const parts = await Promise.all([
    ...chosen.map((environment) =>
      checkEnvironment(
        riglet,
        environment,
        ownOf(environment),
        claimsOf(environment),
        approved,
        { looks, rollbacks },
        ports,
      ),
    ),
    ...(only === undefined ? shared.map((stack) => checkStack('shared', stack, ports)) : []),
  ])
  return {
    environments: [...chosen, ...(only === undefined ? ['shared'] : [])],
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: [...parts.flatMap(({ findings }) => findings), ...unread(only ?? 'shared', approved)],
  }
}

async function checkEnvironment(
  riglet: Riglet,
  environment: Environment,
  own: readonly StackState[],
  claims: Claims,
  approved: Approved,
  {
    looks,
    rollbacks,
  }: { readonly looks: ReturnType<typeof lookAtGroups>; readonly rollbacks: ReturnType<typeof findRollbacks> },
  ports: Ports,
): Promise<Part> {
  if (!isClaimed(claims) && own.length === 0) {
    const nothing = unchecked(
      environment,
      `${rigletName(riglet)}-${environment}`,
      'does not exist: nothing was checked',
    )
    return { checked: 0, findings: [nothing] }
  }
  const [ground] = ofLayer('foundation', own)
  const vpc = ground && foundation.facts(ground).vpc
  const apps = ofLayer('app', own)
  const parts = await Promise.all([
    ...own.map((stack) => checkStack(environment, stack, ports)),
    checkApps(environment, vpc, { apps, others: ofLayer('group', own) }, approved.images, looks, rollbacks, ports),
  ])
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: [...missingFindings(riglet, environment, claims), ...parts.flatMap(({ findings }) => findings)],
  }
}

/** Without a pipeline's history nobody knows which image passed it. */
const unread = (environment: string, { refused }: Approved) =>
  [...refused].map(([pipeline, why]) => unchecked(environment, pipeline, `its history could not be read: ${why}`))
