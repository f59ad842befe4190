import { commandsOf } from '../../core/commands.ts'
import { appName, rigletName, stackName } from '../../core/names.ts'
import type { Ports } from '../../core/ports.ts'
import { rigletOf, sourceOf, wantsJson, type Settings } from '../../core/settings.ts'
import { joinOutcomes, type Outcome } from '../../core/stack/outcome.ts'
import { marksOf } from '../../core/stack/owner.ts'
import type { WantedStack } from '../../core/stack/wanted.ts'
import type { Target } from '../../core/target.ts'
import { templateFiles, wantedPipeline } from '../../core/wanted-stacks.ts'
import { tellOutcome } from '../stack/change-target.ts'
import { convergeStacks } from '../stack/converge-stacks.ts'
import { decideStacks, type Item } from '../stack/decide-stacks.ts'
import { deleteTarget } from '../stack/delete-target.ts'
import { planStacks } from '../stack/plan-stacks.ts'
import { findOurs } from '../stack/refuse-stranger.ts'
import { wantedArtifactsOf } from '../riglet/riglet-stacks.ts'

export type PipelineSettings = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'REPO' | 'BRANCH'>

export function pipelineTarget(settings: PipelineSettings): Target {
  const [riglet, source] = [rigletOf(settings), sourceOf(settings)]
  return {
    title: `${rigletName(riglet)} pipeline ${appName(source)}`,
    stacks: [stackName.pipeline(riglet, source), stackName.artifacts(riglet)],
    commands: commandsOf('pipeline', { REPO: source.repo, BRANCH: source.branch }),
  }
}

/** In the order in which they build on each other. */
const wantedOf = async (settings: PipelineSettings, ports: Pick<Ports, 'files'>): Promise<WantedStack[]> => [
  await wantedArtifactsOf(settings, ports),
  wantedPipeline(rigletOf(settings), sourceOf(settings), await ports.files.read(templateFiles.pipeline), settings),
]

/**
 * The first pipeline of a riglet brings what all of them share, and any brings it up to date. Both stacks are looked at
 * before either is changed; each has a plan and a question of its own, for the second is planned on what the first gives.
 */
export async function changePipeline(
  purpose: 'create' | 'update',
  settings: PipelineSettings,
  ports: Ports,
): Promise<number> {
  const target = pipelineTarget(settings)
  const outcomes: Outcome[] = []
  const wantedStacks = await wantedOf(settings, ports)
  const items = await decideStacks(wantedStacks, purpose, target.commands, ports)
  for (const [index, item] of items.entries()) {
    const { decision } = item
    // What is kept of earlier settings is looked up again: somebody may set one while the first question waits.
    const wanted = wantedStacks[index]!
    const outcome: Outcome =
      decision.type === 'in sync'
        ? { type: 'unchanged', stacks: [wanted.name] }
        : await convergeStacks(
            [wanted],
            {
              purpose,
              question: questionOf(item, purpose, target),
              commands: target.commands,
              commitTag: settings.COMMIT_TAG,
              json: wantsJson(settings),
            },
            ports,
          )
    outcomes.push(outcome)
    if (outcome.type === 'declined') break
  }
  return tellOutcome(joinOutcomes(outcomes), purpose, target, settings, ports)
}

function questionOf({ wanted, decision }: Item, purpose: 'create' | 'update', target: Target): string {
  if (wanted.name === target.stacks[0]) return `${purpose === 'create' ? 'Create' : 'Change'} ${target.title}?`
  const exists = decision.type === 'plan' && decision.state !== undefined
  return `${exists ? 'Change' : 'Create'} ${wanted.name}, which all pipelines share?`
}

export async function planPipeline(settings: PipelineSettings, ports: Ports): Promise<void> {
  const { commands } = pipelineTarget(settings)
  await planStacks(await wantedOf(settings, ports), { commands, commitTag: 'Commit', json: wantsJson(settings) }, ports)
}

/** Its apps stay, and so do the shared buckets: other pipelines may use them. */
export async function deletePipeline(settings: PipelineSettings, ports: Ports): Promise<number> {
  const target = pipelineTarget(settings)
  const state = await findOurs(target.stacks[0]!, marksOf(rigletOf(settings), sourceOf(settings)), ports)
  return deleteTarget(target, { waves: [state === undefined ? [] : [state]] }, ports)
}
