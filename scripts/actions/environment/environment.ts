import { commandsOf } from '../../core/commands.ts'
import { rigletName, stackName, tagsOf, type Environment } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { commitTagOf, environmentOf, rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { foundation } from '../../core/layers/foundation.ts'
import { desiredStack } from '../../core/layers/layer.ts'
import { byName } from '../../core/layers/protection.ts'
import { ofLayer, standsOn } from '../../core/layers/layers.ts'
import { portHeld } from '../../core/stack/errors.ts'
import { marksOfDesired } from '../../core/stack/owner.ts'
import { exists, type StackState } from '../../core/stack/state.ts'
import type { DesiredStack } from '../../core/stack/desired.ts'
import type { Subject } from '../../core/subject.ts'
import { pushesWithout } from '../../view/deletion.ts'
import { changeSubject } from '../../engine/verbs.ts'
import { planStacks } from '../../engine/plan-stacks.ts'
import { deleteSubject, type Users } from '../../engine/delete-subject.ts'
import { findOurs } from '../../engine/own-stacks.ts'
import { environmentsIn } from './environments-in.ts'

export type EnvironmentSettings = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'ENV'>

export function environmentSubject(settings: EnvironmentSettings): Subject {
  const [riglet, environment] = [rigletOf(settings), environmentOf(settings)]
  const ground = stackName.foundation(riglet, environment)
  return {
    title: `${rigletName(riglet)} ${environment}`,
    stacks: [ground],
    held: { [ground]: foundation.holdsState },
    commands: commandsOf('environment', { ENV: environment }),
  }
}

/** The ground of each of these environments. */
export async function desiredFoundations(
  environments: readonly Environment[],
  settings: Settings<'OWNER' | 'PROJECT'>,
  ports: Pick<Ports, 'files'>,
): Promise<DesiredStack[]> {
  const [template, said] = await Promise.all([ports.files.read(foundation.template), environmentsIn(ports)])
  const riglet = rigletOf(settings)
  return environments.map((environment) =>
    desiredStack(foundation, { riglet, environment, cidr: said?.[environment]?.cidr }, template, settings),
  )
}

const desiredOf = (settings: EnvironmentSettings, ports: Pick<Ports, 'files'>): Promise<DesiredStack[]> =>
  desiredFoundations([environmentOf(settings)], settings, ports)

/**
 * Without a certificate the listener wants port 80, which the redirect holds until it is gone: CloudFormation would close
 * 443, fail, and go back. So the redirect goes first, with an update of its own (decision 7).
 * @throws RigletError CHANGE_SET
 */
async function refuseHeldPort(
  desired: readonly DesiredStack[],
  { ENV }: EnvironmentSettings,
  ports: Ports,
): Promise<void> {
  for (const stack of desired) {
    if (stack.reset?.includes('CertificateArn') !== true) continue
    const state = await findOurs(stack.name, marksOfDesired(stack), ports)
    const { CertificateArn = '', HttpRedirect = 'yes' } = exists(state) ? state.parameters : {}
    if (CertificateArn !== '' && HttpRedirect !== 'no') throw portHeld(stack.name, ENV)
  }
}

export async function changeEnvironment(
  purpose: 'create' | 'update',
  settings: EnvironmentSettings,
  ports: Ports,
): Promise<number> {
  const desired = await desiredOf(settings, ports)
  await refuseHeldPort(desired, settings, ports)
  return changeSubject(purpose, environmentSubject(settings), desired, settings, ports)
}

export async function planEnvironment(settings: EnvironmentSettings, ports: Ports): Promise<void> {
  const { commands } = environmentSubject(settings)
  const desired = await desiredOf(settings, ports)
  await refuseHeldPort(desired, settings, ports)
  await planStacks(desired, { commands, commitTag: commitTagOf(settings), json: wantsJson(settings) }, ports)
}

/** What stands on an environment, of all stacks of a riglet. Pipelines: those that build in it, not those that deploy there. */
export function usersOf(
  settings: EnvironmentSettings,
  all: readonly StackState[],
): { readonly apps: Users; readonly pipelines: Users } {
  const { commands, stacks } = environmentSubject(settings)
  const above = all.filter((state) => stacks.some((name) => standsOn(state, name)))
  const apps = ofLayer('app', above)
  return {
    apps: { states: apps, command: commands.remove },
    pipelines: {
      states: above.filter((state) => !apps.includes(state)),
      command: 'make delete-pipeline REPO=... BRANCH=...',
    },
  }
}

/** Apps go before what they stand on. A pipeline that builds in the environment keeps it; one that deploys there does not. */
export async function deleteEnvironment(settings: EnvironmentSettings, ports: Ports): Promise<number> {
  const [riglet, environment] = [rigletOf(settings), environmentOf(settings)]
  const ground = stackName.foundation(riglet, environment)
  const all = await ports.stacks.list(tagsOf(riglet))
  const { apps, pipelines } = usersOf(settings, all)
  const deploying = ofLayer('pipeline', all).map(({ name }) => name)
  const notes = deploying.length > 0 ? [pushesWithout(environment, deploying)] : []
  const waves = [apps.states, all.filter(({ name }) => name === ground)]
  return deleteSubject(
    environmentSubject(settings),
    { waves, users: pipelines, notes, byName: byName(settings) },
    ports,
  )
}

export const environmentNoun = {
  subject: environmentSubject,
  change: changeEnvironment,
  plan: planEnvironment,
  delete: deleteEnvironment,
}
