import { commandsOf } from '../../core/commands.ts'
import { rigletName, stackName } from '../../core/names.ts'
import type { Ports } from '../../core/ports.ts'
import { environmentOf, rigletOf, wantsJson, type Settings } from '../../core/settings.ts'
import { hasBuilds, isPipeline } from '../../core/inventory.ts'
import type { StackState } from '../../core/stack/state.ts'
import type { WantedStack } from '../../core/stack/wanted.ts'
import type { Target } from '../../core/target.ts'
import { templateFiles, wantedFoundation } from '../../core/wanted-stacks.ts'
import { pushesWithout } from '../../view/deletion.ts'
import { changeTarget } from './change-target.ts'
import { planStacks } from './plan-stacks.ts'
import { deleteTarget } from './delete-target.ts'

export type EnvironmentSettings = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'ENV'>

export function environmentTarget(settings: EnvironmentSettings): Target {
  const [riglet, environment] = [rigletOf(settings), environmentOf(settings)]
  return {
    title: `${rigletName(riglet)} ${environment}`,
    stacks: [stackName.foundation(riglet, environment)],
    commands: commandsOf('environment', { ENV: environment }),
  }
}

const wantedOf = async (settings: EnvironmentSettings, { files }: Pick<Ports, 'files'>): Promise<WantedStack[]> => [
  wantedFoundation(rigletOf(settings), environmentOf(settings), await files.read(templateFiles.foundation), settings),
]

export const changeEnvironment = async (
  purpose: 'create' | 'update',
  settings: EnvironmentSettings,
  ports: Ports,
): Promise<number> =>
  changeTarget(purpose, environmentTarget(settings), await wantedOf(settings, ports), settings, ports)

export async function planEnvironment(settings: EnvironmentSettings, ports: Ports): Promise<void> {
  const { commands } = environmentTarget(settings)
  const { COMMIT_TAG: commitTag = 'Commit' } = settings
  await planStacks(await wantedOf(settings, ports), { commands, commitTag, json: wantsJson(settings) }, ports)
}

/** Apps go before what they stand on. A pipeline that builds in the environment keeps it; one that deploys there does not. */
export async function deleteEnvironment(settings: EnvironmentSettings, ports: Ports): Promise<number> {
  const [riglet, environment] = [rigletOf(settings), environmentOf(settings)]
  const foundation = stackName.foundation(riglet, environment)
  const all = await ports.stacks.list({ Owner: riglet.owner, Project: riglet.project })
  const users = all.filter((stack) => hasBuilds(stack) && stack.parameters['BuildFoundation'] === foundation)
  const deploying = all.filter(isPipeline).map(({ name }) => name)
  const notes = deploying.length > 0 ? [pushesWithout(environment, deploying)] : []
  const isApp = ({ parameters }: StackState): boolean => parameters['Foundation'] === foundation
  const waves = [all.filter(isApp), all.filter(({ name }) => name === foundation)]
  return deleteTarget(
    environmentTarget(settings),
    { waves, users, notes, usersCommand: 'make delete-pipeline REPO=... BRANCH=...' },
    ports,
  )
}
