import { commandOf, commandsOf } from '../../core/commands.ts'
import { isRigletError } from '../../core/errors.ts'
import { artifacts } from '../../core/layers/artifacts.ts'
import { jobs } from '../../core/layers/jobs.ts'
import { desiredStack } from '../../core/layers/layer.ts'
import { layerOf } from '../../core/layers/layers.ts'
import { pipeline } from '../../core/layers/pipeline.ts'
import { appName, environments, freezeName, rigletName, rollbackName, stackName } from '../../core/names.ts'
import { controlKey, type Control } from '../../core/pipeline/control.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { commitTagOf, rigletOf, sourceOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { joinOutcomes, type Outcome } from '../../core/stack/outcome.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { exists, type StackState } from '../../core/stack/state.ts'
import type { DesiredStack } from '../../core/stack/desired.ts'
import { stackSettings } from '../../core/settings/stack-settings.ts'
import type { Subject } from '../../core/subject.ts'
import { tellOutcome } from '../../engine/verbs.ts'
import { convergeStacks } from '../../engine/converge-stacks.ts'
import { decideStacks, type Item } from '../../engine/decide-stacks.ts'
import { deleteSubject, type Users } from '../../engine/delete-subject.ts'
import { planStacks } from '../../engine/plan-stacks.ts'
import { findOurs } from '../../engine/own-stacks.ts'
import { needOutput } from '../../engine/own-stacks.ts'
import { readControl, releaseControl } from './release-control.ts'

export type PipelineSettings = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'REPO' | 'BRANCH'>

export function pipelineSubject(settings: PipelineSettings): Subject {
  const [riglet, source] = [rigletOf(settings), sourceOf(settings)]
  return {
    title: `${rigletName(riglet)} pipeline ${appName(source)}`,
    stacks: [stackName.pipeline(riglet, source), stackName.jobs(riglet, source), stackName.artifacts(riglet)],
    commands: commandsOf('pipeline', { REPO: source.repo, BRANCH: source.branch }),
  }
}

/** What all pipelines share. */
export const desiredArtifactsOf = async (
  settings: Settings<'OWNER' | 'PROJECT'>,
  { files }: Pick<Ports, 'files'>,
): Promise<DesiredStack> =>
  desiredStack(artifacts, { riglet: rigletOf(settings) }, await files.read(artifacts.template), settings)

/** What is a pipeline's own: its jobs, and the pipeline that builds on them. */
export async function desiredDelivery(
  settings: Settings<'OWNER' | 'PROJECT' | 'REPO' | 'BRANCH'>,
  control: Control,
  { files }: Pick<Ports, 'files'>,
): Promise<readonly [jobs: DesiredStack, pipeline: DesiredStack]> {
  const of = { riglet: rigletOf(settings), source: sourceOf(settings), control: controlKey(control) }
  const [ofJobs, ofPipeline] = await Promise.all([files.read(jobs.template), files.read(pipeline.template)])
  return [desiredStack(jobs, of, ofJobs, forJobs(settings)), desiredStack(pipeline, of, ofPipeline, settings)]
}

/** The id of one image has no business in a pipeline, which bakes a folder under packer/. */
const forJobs = ({ IMAGE: image, ...settings }: Settings): Settings =>
  image === undefined || image.startsWith('ami-') ? settings : { ...settings, IMAGE: image }

/** In the order in which they build on each other. */
const desiredOf = async (
  settings: PipelineSettings,
  control: Control,
  ports: Pick<Ports, 'files'>,
): Promise<DesiredStack[]> => [
  await desiredArtifactsOf(settings, ports),
  ...(await desiredDelivery(settings, control, ports)),
]

/**
 * The first pipeline of a riglet brings what all of them share, and any brings it up to date. All stacks are looked at
 * before one is changed; each has a plan and a question of its own, for each is planned on what those before it give.
 */
export async function changePipeline(
  purpose: 'create' | 'update',
  settings: PipelineSettings,
  ports: Ports,
): Promise<number> {
  const subject = pipelineSubject(settings)
  const outcomes: Outcome[] = []
  const control = await readControl(ports)
  let released: Promise<void> | undefined
  const release = () => (released ??= releaseTo(settings, control, ports))
  for (const item of await decideDelivery(purpose, settings, control, ports)) {
    // What is kept of earlier settings is looked up again: somebody may set one while the first question waits.
    const { said: desired, decision } = item
    const outcome: Outcome =
      decision.type === 'in sync'
        ? { type: 'unchanged', stacks: [desired.name] }
        : await convergeStacks(
            [desired],
            {
              purpose: isNew(item) ? 'create' : purpose,
              question: questionOf(item, purpose, subject),
              commands: subject.commands,
              commitTag: commitTagOf(settings),
              json: wantsJson(settings),
              prepare: desired.parameters['ControlKey'] === undefined ? undefined : release,
            },
            ports,
          )
    outcomes.push(outcome)
    if (outcome.type === 'declined') break
  }
  return tellOutcome(joinOutcomes(outcomes), purpose, subject, settings, ports)
}

/** `said`: without what is kept of earlier settings. */
type Step = Item & { readonly said: DesiredStack }

/** A pipeline of an earlier version has no stack of jobs yet: its update makes one. The pipeline itself must be there. */
async function decideDelivery(
  purpose: 'create' | 'update',
  settings: PipelineSettings,
  control: Control,
  ports: Ports,
): Promise<Step[]> {
  const { commands } = pipelineSubject(settings)
  const [shared, ofJobs, ofPipeline] = await desiredOf(settings, control, ports)
  const [others, own] = await Promise.all([
    decideStacks([shared!, ofPipeline!], purpose, commands, ports),
    decideStacks([ofJobs!], 'create', commands, ports),
  ])
  const inherited = isNew(own[0]!) ? inherit(ofJobs!, others[1]!.decision.state) : ofJobs!
  return [
    { ...others[0]!, said: shared! },
    { ...own[0]!, said: inherited },
    { ...others[1]!, said: ofPipeline! },
  ]
}

/** What an earlier version's pipeline was set to goes over to its jobs, unless it is said anew. */
const inherit = (desired: DesiredStack, from: StackState | undefined): DesiredStack => ({
  ...desired,
  parameters: {
    ...Object.fromEntries(
      Object.entries(from?.parameters ?? {}).filter(
        ([name]) => Object.hasOwn(stackSettings.jobs, name) && !desired.reset?.includes(name),
      ),
    ),
    ...desired.parameters,
  },
})

/** Once somebody has said yes, and before what reads it is made. */
export const releaseTo = async (
  settings: Settings<'OWNER' | 'PROJECT'>,
  control: Control,
  ports: Ports,
): Promise<void> =>
  releaseControl(
    control,
    await needOutput(stackName.artifacts(rigletOf(settings)), marksOf(rigletOf(settings)), 'ArtifactBucket', ports),
    ports,
  )

const isNew = ({ decision }: Item): boolean =>
  (decision.type === 'plan' && decision.state === undefined) || decision.type === 'createFailed'

function questionOf(item: Item, purpose: 'create' | 'update', subject: Subject): string {
  const [{ name }, layer] = [item.desired, layerOf(item.desired)]
  if (layer === 'pipeline') return `${purpose === 'create' ? 'Create' : 'Change'} ${subject.title}?`
  const verb = isNew(item) ? 'Create' : 'Change'
  return layer === 'jobs' ? `${verb} the jobs of ${subject.title}?` : `${verb} ${name}, which all pipelines share?`
}

/** What builds on a stack that is not there yet can be planned only when that is made. */
export async function planPipeline(settings: PipelineSettings, ports: Ports): Promise<void> {
  const { commands } = pipelineSubject(settings)
  const desired = await desiredOf(settings, await readControl(ports), ports)
  for (let count = desired.length; ; count -= 1) {
    try {
      await planStacks(
        desired.slice(0, count),
        { commands, commitTag: commitTagOf(settings), json: wantsJson(settings) },
        ports,
      )
      for (const { title } of desired.slice(count))
        ports.terminal.say(`${title}: builds on what is not there yet; ${commands.create} plans it after that.`)
      return
    } catch (error) {
      if (!isRigletError(error, 'STACK_NEEDED') || count === 1) throw error
    }
  }
}

/** What publishes its image stands on it, and its apps on its jobs, which hold the roles of their machines. */
export async function usersOf(settings: PipelineSettings, { stacks }: Pick<Ports, 'stacks'>): Promise<Users> {
  const [riglet, source] = [rigletOf(settings), sourceOf(settings)]
  const names = environments.map((environment) => stackName.app(riglet, environment, source))
  const [publication, ...found] = await Promise.all(
    [stackName.publication(riglet, source), ...names].map((name) => stacks.find(name)),
  )
  const { REPO, BRANCH } = settings
  if (exists(publication))
    return { states: [publication], command: commandOf('delete', 'publication', { REPO, BRANCH }) }
  return { states: found.filter(exists), command: commandOf('delete', 'app', { ENV: '...', REPO, BRANCH }) }
}

/**
 * Its apps go first. The shared buckets stay: other pipelines may use
 * them.
 * @throws RigletError STACK_NEEDED while it has apps
 */
export async function deletePipeline(settings: PipelineSettings, ports: Ports): Promise<number> {
  const subject = pipelineSubject(settings)
  const whose = marksOf(rigletOf(settings), sourceOf(settings))
  const [own, users] = await Promise.all([
    Promise.all(subject.stacks.slice(0, 2).map((name) => findOurs(name, whose, ports))),
    usersOf(settings, ports),
  ])
  const bucket = own[1] && jobs.facts(own[1]).bucket
  // Nothing writes there once the pipeline is gone; its jobs' stack cannot go before the bucket is empty.
  const between = async (): Promise<void> => {
    const [riglet, app] = [rigletOf(settings), appName(sourceOf(settings))]
    await ports.parameters.remove(
      [freezeName, rollbackName].flatMap((nameOf) =>
        environments.map((environment) => nameOf(riglet, environment, app)),
      ),
    )
    if (bucket !== undefined) await ports.buckets.empty(bucket)
  }
  const notes =
    bucket === undefined ? [] : [`Its artifacts, approval packets and package lists go with it (${bucket}).`]
  const waves = own.map((state) => (state === undefined ? [] : [state]))
  return deleteSubject(subject, { waves, users, notes, between }, ports)
}

export const pipelineNoun = {
  subject: pipelineSubject,
  change: changePipeline,
  plan: planPipeline,
  delete: deletePipeline,
}
