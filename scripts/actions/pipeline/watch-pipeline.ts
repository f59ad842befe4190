import { lastEnvironment } from '../../core/shapes.ts'
import { stackName } from '../../core/names.ts'
import { rigletOf, sourceOf, type Settings } from '../../core/settings/settings.ts'
import { endedByAlarm, ignoringAlarms } from '../../core/stack/outcome.ts'
import type { PipelineSettings } from './push-source.ts'
import { isRigletError } from '../../core/errors.ts'
import { failedRun, type ActionRun } from '../../core/pipeline/action-runs.ts'
import {
  listExecutions,
  noExecution,
  noPipeline,
  pipelineFailed,
  watchInterrupted,
} from '../../core/pipeline/errors.ts'
import {
  isOver,
  isUnderWay,
  pendingApproval,
  type ExecutionNow,
  type PipelineState,
} from '../../core/pipeline/state.ts'
import { remedyOf } from '../../core/pipeline/remedy.ts'
import { interest, watchLines } from '../../view/pipeline.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { findWayBack } from './find-way-back.ts'
import { sayFreeze } from './find-freeze.ts'
import { whyActionFailed } from './why-action-failed.ts'

type Watched = { readonly type: 'succeeded' | 'waiting' | 'superseded'; readonly execution: string }

type Seen = { readonly execution: ExecutionNow; readonly runs: readonly ActionRun[] }

const pollMilliseconds = 1500
const patienceMilliseconds = 4 * 3600 * 1000

/**
 * Monitors one execution, stage by stage, until it ends or waits for a person. One call a poll while nothing changes, three
 * when something did: the state tells that, but shows each action's last run, whichever execution that belonged to.
 * @throws RigletError PIPELINE with the first cause when it failed, INTERRUPTED on Ctrl-C
 */
export async function watchPipeline(settings: PipelineSettings & Settings, ports: Ports): Promise<void> {
  const name = stackName.pipeline(rigletOf(settings), sourceOf(settings))
  const told = new Set<string>()
  const say = (key: string, line: string): void => {
    if (!told.has(key)) ports.terminal.say(line)
    told.add(key)
  }
  const began = ports.clock.now().getTime()
  let id = settings.EXECUTION_ID
  let before = ''
  try {
    for (;;) {
      const state = await ports.pipelines.state(name)
      if (state === undefined) throw noPipeline(name)
      id ??= await newest(name, ports)
      const now = JSON.stringify(state)
      if (id === undefined) say('', `${name} has not run yet; \`make push\` starts it.`)
      else if (now !== before || !isUnderWay(state, id)) {
        const seen = await look(name, id, ports)
        for (const { key, line } of interest(state, id, seen.runs)) say(key, line)
        ports.terminal.progress(watchLines(state, seen.execution))
        const outcome = await outcomeOf(state, seen, settings, ports)
        if (outcome !== null) {
          ports.terminal.say(ending(outcome))
          if (outcome.type === 'waiting')
            await sayFreeze(rigletOf(settings), lastEnvironment, sourceOf(settings), ports)
          return
        }
      }
      before = now
      if (ports.clock.now().getTime() - began > patienceMilliseconds)
        throw pipelineFailed(name, 'no end after four hours', '`make status` shows where it is.')
      await ports.clock.sleep(pollMilliseconds)
    }
  } catch (error) {
    if (!isRigletError(error, 'INTERRUPTED')) throw error
    const chosen = settings.EXECUTION_ID === undefined ? '' : ` EXECUTION_ID=${settings.EXECUTION_ID}`
    throw watchInterrupted(name, `make watch-pipeline${chosen}`)
  } finally {
    ports.terminal.settle()
  }
}

/** A roll-back is an execution of its own; what a person monitors is what was pushed. */
const newest = async (name: string, { pipelines }: Ports): Promise<string | undefined> =>
  (await pipelines.executions(name, 10)).find(({ type }) => type === 'STANDARD')?.id

/** The execution first: what it says of its end, its actions say by then, too. */
async function look(name: string, id: string, { pipelines, stacks }: Ports): Promise<Seen> {
  const execution = await pipelines.execution(name, id)
  if (execution === undefined) throw noExecution(id, name, await stacks.awsCliCommand(listExecutions(name)))
  return { execution, runs: await pipelines.runs(name, id) }
}

function ending({ type, execution }: Watched): string {
  switch (type) {
    case 'succeeded':
      return `Execution ${execution} succeeded.`
    case 'waiting':
      return `Execution ${execution} waits for approval: make show-approval`
    case 'superseded':
      return `Execution ${execution} was superseded by a newer push; \`make watch-pipeline\` monitors that one.`
  }
}

async function outcomeOf(
  state: PipelineState,
  seen: Seen,
  settings: PipelineSettings,
  ports: Ports,
): Promise<Watched | null> {
  const { execution } = seen
  if (isOver(execution.status)) {
    if (execution.status === 'Succeeded') return { type: 'succeeded', execution: execution.id }
    if (execution.status === 'Superseded') return { type: 'superseded', execution: execution.id }
    throw await failure(state, seen, settings, ports)
  }
  return pendingApproval(state)?.execution === execution.id ? { type: 'waiting', execution: execution.id } : null
}

async function failure(
  state: PipelineState,
  { execution, runs }: Seen,
  { REPO, BRANCH }: PipelineSettings,
  ports: Ports,
) {
  const { name } = state
  if (execution.status !== 'Failed')
    return pipelineFailed(
      name,
      `the execution was ${execution.status.toLowerCase()}`,
      '`make push` starts another one.',
    )
  const run = failedRun(runs)
  if (run === undefined) return pipelineFailed(name, 'no action failed', '`make status` shows where it is.')
  const why = await whyActionFailed(run.external, run.error || run.summary, ports)
  const wayBack = /^(?:Integration|Staging)$/.test(run.stage)
    ? await findWayBack(state, run.stage, execution.id, ports)
    : undefined
  const app = ` REPO=${REPO} BRANCH=${BRANCH}`
  const remedy = [remedyOf({ run, why, runs, wayBack, app }), ...wayOut(why)].join('\n')
  return pipelineFailed(`${run.stage} ${run.action}`, why, remedy)
}

const wayOut = (why: string): readonly string[] =>
  endedByAlarm(why)
    ? [`If the alarm was on before, and this was the fix: make update-app ENV=... IMAGE=ami-... ${ignoringAlarms}`]
    : []
