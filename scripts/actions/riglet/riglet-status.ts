import { readHistories } from '../approval/approved-images.ts'
import { lookAtGroups } from '../image/look-at-groups.ts'
import { findRollbacks } from '../rollback/find-rollbacks.ts'
import { describeApp } from '../app/describe-app.ts'
import { readFreeze } from '../../core/approval/read-freeze.ts'
import { isRigletError } from '../../core/errors.ts'
import { inEnvironment, ofLayer } from '../../core/layers/layers.ts'
import { pipeline } from '../../core/layers/pipeline.ts'
import {
  appName,
  environments,
  freezeName,
  parameterPath,
  rigletName,
  tagsOf,
  type Environment,
  type Riglet,
} from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { digestIn } from '../../core/pipeline/action-runs.ts'
import { pendingApproval } from '../../core/pipeline/state.ts'
import type { EnvironmentStatus, PipelineStatus, RigletStatus } from '../../core/riglet/status.ts'
import { exists, type StackState } from '../../core/stack/state.ts'
import { orWhy } from '../../engine/of-many.ts'
import { compareControl, controlHere, type Here } from './compare-control.ts'

/** All stacks in one list, then everything else about them side by side. */
export async function rigletStatus(riglet: Riglet, region: string, ports: Ports): Promise<RigletStatus> {
  const stacks = (await ports.stacks.list(tagsOf(riglet))).filter(exists)
  const appsOf = (environment: Environment) => ofLayer('app', inEnvironment(environment, stacks))
  const piped = ofLayer('pipeline', stacks)
  const known = piped.length === 0 ? undefined : knownOfAll(riglet, ports)
  const [found, pipelines] = await Promise.all([
    Promise.all([
      lookAtGroups(environments.flatMap(appsOf), ports),
      findRollbacks(
        riglet,
        environments.flatMap((environment) => appsOf(environment).map((stack) => ({ environment, stack }))),
        readHistories(riglet, ports),
        ports,
      ),
    ]).then(([{ groupOf, images }, rollbackOf]) =>
      environments.map((name): EnvironmentStatus => ({
        name,
        foundation: ofLayer('foundation', inEnvironment(name, stacks))[0]?.status ?? 'absent',
        apps: appsOf(name).map((stack) => describeApp(stack, groupOf(stack.name), images, rollbackOf(stack.name))),
      })),
    ),
    Promise.all(
      piped.map(async (stack) => {
        const [state, more] = await Promise.all([pipelineStatus(stack.name, ports), known])
        return state && { ...state, ...(await governed(riglet, stack, more!, ports)) }
      }),
    ),
  ])
  return { riglet: rigletName(riglet), region, environments: found, pipelines: pipelines.filter((one) => one !== null) }
}

type Known = { readonly here: Here; readonly freezes: Awaited<ReturnType<typeof askFreezes>> }

/** What is asked once for all pipelines: the freezes by one call, and what stands here by none. */
const knownOfAll = async (riglet: Riglet, ports: Ports): Promise<Known> => {
  const [here, freezes] = await Promise.all([controlHere(ports), askFreezes(riglet, ports)])
  return { here, freezes }
}

const askFreezes = (riglet: Riglet, { parameters }: Ports) => orWhy(parameters.values(parameterPath(riglet, 'freeze')))

/** What holds a pipeline back, and what its jobs run. */
async function governed(
  riglet: Riglet,
  stack: StackState,
  { here, freezes }: Known,
  ports: Ports,
): Promise<Pick<PipelineStatus, 'control' | 'frozen' | 'unchecked'>> {
  const { source, control: key } = pipeline.facts(stack)
  const control = await compareControl(key, here, ports)
  if (freezes.type === 'refused') return { control, frozen: [], unchecked: [freezes.why] }
  const read = await Promise.all(
    environments.map(async (environment) => {
      const place = freezeName(riglet, environment, appName(source))
      try {
        const freeze = await readFreeze(place, freezes.answer.get(place), ports.clock.now())
        return { frozen: freeze === undefined ? [] : [{ environment, ...freeze }], unchecked: [] }
      } catch (error) {
        if (!isRigletError(error)) throw error
        return { frozen: [], unchecked: [error.message] }
      }
    }),
  )
  return {
    control,
    frozen: read.flatMap((one) => one.frozen),
    unchecked: read.flatMap((one) => one.unchecked),
  }
}

type Ungoverned = Omit<PipelineStatus, 'control' | 'frozen' | 'unchecked'>

async function pipelineStatus(name: string, ports: Ports): Promise<Ungoverned | null> {
  const [state, [latest]] = await Promise.all([ports.pipelines.state(name), ports.pipelines.executions(name, 1)])
  if (state === undefined) return null
  // A new pipeline runs once by itself, and finds no source yet: that failure is nobody's concern.
  const failedAtBirth = latest?.trigger.startsWith('CreatePipeline') && latest.status === 'Failed'
  const newest = failedAtBirth ? undefined : latest
  const waiting = pendingApproval(state)
  const runs = waiting === null ? [] : await ports.pipelines.runs(name, waiting.execution)
  const digest = digestIn(runs, waiting?.stage) ?? ''
  return {
    name,
    execution: newest === undefined ? null : { id: newest.id, status: newest.status, revision: newest.revision },
    stages: state.stages
      // What an earlier execution left in a stage stands there until a newer one comes so far.
      .filter((stage) => !(failedAtBirth && stage.execution === latest?.id))
      .filter((stage) => !['Succeeded', 'Skipped', 'none'].includes(stage.status))
      .map((stage) => ({ name: stage.name, status: stage.status, execution: stage.execution })),
    approval: waiting === null ? null : { execution: waiting.execution, digest },
    barred: state.stages.flatMap(({ name: stage, barred }) => (barred === null ? [] : [{ stage, reason: barred }])),
  }
}
