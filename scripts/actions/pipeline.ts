import { commandsOf } from '../core/commands.ts'
import { appName, rigletName, stackName } from '../core/names.ts'
import type { Ports } from '../core/ports.ts'
import { rigletOf, sourceOf, wantsJson, type Settings } from '../core/settings.ts'
import type { WantedStack } from '../core/stack/wanted.ts'
import type { Target } from '../core/target.ts'
import { templateFiles, wantedPipeline } from '../core/wanted-stacks.ts'
import { changeTarget } from './change-target.ts'
import { convergeStacks } from './converge-stacks.ts'
import { deleteTarget } from './delete-target.ts'
import { planStacks } from './plan-stacks.ts'
import { wantedArtifactsOf } from './riglet-stacks.ts'

export type PipelineSettings = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'REPO' | 'BRANCH'>

export function pipelineTarget(settings: PipelineSettings): Target {
  const [riglet, source] = [rigletOf(settings), sourceOf(settings)]
  return {
    title: `${rigletName(riglet)} pipeline ${appName(source)}`,
    stacks: [stackName.pipeline(riglet, source)],
    commands: commandsOf('pipeline', { REPO: source.repo, BRANCH: source.branch }),
  }
}

const wantedOf = async (settings: PipelineSettings, { files }: Pick<Ports, 'files'>): Promise<WantedStack> =>
  wantedPipeline(rigletOf(settings), sourceOf(settings), await files.read(templateFiles.pipeline), imageOf(settings))

/** The folder under packer/; an id of one image has no business here. */
export const imageOf = ({ IMAGE: image = 'web' }: Settings): string => (image.startsWith('ami-') ? 'web' : image)

/** The first pipeline of a riglet brings what all of them share. */
export async function changePipeline(
  purpose: 'create' | 'update',
  settings: PipelineSettings,
  ports: Ports,
): Promise<number> {
  const target = pipelineTarget(settings)
  const artifacts = await wantedArtifactsOf(settings, ports)
  if (purpose === 'create' && (await ports.stacks.find(artifacts.name)) === undefined) {
    const question = `Create ${artifacts.name}, which all pipelines share?`
    const outcome = await convergeStacks([artifacts], { purpose, question, commands: target.commands }, ports)
    if (outcome.type === 'declined') return 1
  }
  return changeTarget(purpose, target, [await wantedOf(settings, ports)], settings, ports)
}

export async function planPipeline(settings: PipelineSettings, ports: Ports): Promise<void> {
  const { commands } = pipelineTarget(settings)
  await planStacks(
    [await wantedOf(settings, ports)],
    { commands, commitTag: 'Commit', json: wantsJson(settings) },
    ports,
  )
}

/** Its apps stay, and so do the shared buckets: other pipelines may use them. */
export async function deletePipeline(settings: PipelineSettings, ports: Ports): Promise<number> {
  const target = pipelineTarget(settings)
  const state = await ports.stacks.find(target.stacks[0]!)
  return deleteTarget(target, { waves: [state === undefined ? [] : [state]] }, ports)
}
