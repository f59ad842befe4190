import { stackName } from '../core/names.ts'
import { rigletOf, sourceOf, type Settings } from '../core/settings.ts'
import type { PipelineSettings } from './push-source.ts'
import { noPipeline, pipelineFailed } from '../core/pipeline/catalogue.ts'
import { failedAction, isOver, pendingApproval, type Execution, type PipelineState } from '../core/pipeline/state.ts'
import { interest, watchLines } from '../view/pipeline.ts'
import type { Ports } from '../core/ports.ts'
import { whyActionFailed } from './why-action-failed.ts'

type Watched =
  | { readonly type: 'succeeded'; readonly execution: string }
  | { readonly type: 'waiting'; readonly execution: string }
  | { readonly type: 'superseded'; readonly execution: string }

const pollMilliseconds = 1500
const patienceMilliseconds = 4 * 3600 * 1000

/**
 * Follows an execution, stage by stage, until it ends or waits for a person. Two calls a poll, however many stages.
 * @throws RigletError PIPELINE with the first cause when it failed
 */
export async function watchPipeline(settings: PipelineSettings & Settings, ports: Ports): Promise<void> {
  const name = stackName.pipeline(rigletOf(settings), sourceOf(settings))
  const told = new Set<string>()
  const began = ports.clock.now().getTime()
  try {
    for (;;) {
      const [state, executions] = await Promise.all([ports.pipelines.state(name), ports.pipelines.executions(name, 10)])
      if (state === undefined) throw noPipeline(name)
      const execution = choose(executions, settings.EXECUTION_ID)
      if (execution !== undefined) {
        for (const line of interest(state, execution.id)) {
          if (told.has(line)) continue
          told.add(line)
          ports.terminal.say(line)
        }
        ports.terminal.progress(watchLines(state, execution))
        const outcome = await outcomeOf(name, state, execution, ports)
        if (outcome !== null) return ports.terminal.say(ending(outcome))
      }
      if (ports.clock.now().getTime() - began > patienceMilliseconds)
        throw pipelineFailed(name, 'no end after four hours', '`make status` shows where it is.')
      await ports.clock.sleep(pollMilliseconds)
    }
  } finally {
    ports.terminal.settle()
  }
}

/** A roll-back is an execution of its own; what a person follows is what was pushed. */
const choose = (executions: readonly Execution[], wanted: string | undefined): Execution | undefined =>
  executions.find(({ id, type }) => (wanted === undefined ? type === 'STANDARD' : id === wanted))

function ending({ type, execution }: Watched): string {
  switch (type) {
    case 'succeeded':
      return `Execution ${execution} succeeded.`
    case 'waiting':
      return `Execution ${execution} waits for approval: make show-approval`
    case 'superseded':
      return `Execution ${execution} was superseded by a newer push; \`make watch-pipeline\` follows that one.`
  }
}

async function outcomeOf(
  name: string,
  state: PipelineState,
  execution: Execution,
  ports: Ports,
): Promise<Watched | null> {
  if (isOver(execution.status)) {
    if (execution.status === 'Succeeded') return { type: 'succeeded', execution: execution.id }
    if (execution.status === 'Superseded') return { type: 'superseded', execution: execution.id }
    throw await failure(name, state, execution, ports)
  }
  const approval = pendingApproval(state)
  return approval?.execution === execution.id ? { type: 'waiting', execution: execution.id } : null
}

async function failure(name: string, state: PipelineState, execution: Execution, ports: Ports) {
  if (execution.status !== 'Failed')
    return pipelineFailed(
      name,
      `the execution was ${execution.status.toLowerCase()}`,
      '`make push` starts another one.',
    )
  const failed = failedAction(state, execution.id)
  if (failed === null) {
    // The stage was rolled back already and shows the roll-back's execution: ask the history instead.
    const runs = await ports.pipelines.runs(name, execution.id)
    const run = runs.find(({ status }) => status === 'Failed')
    const why = run === undefined ? 'no action failed' : await whyActionFailed(run.external, '', ports)
    return pipelineFailed(run === undefined ? name : `${run.stage} ${run.action}`, why, help(run?.stage))
  }
  const why = await whyActionFailed(failed.action.external, failed.action.error || failed.action.summary, ports)
  return pipelineFailed(`${failed.stage.name} ${failed.action.name}`, why, help(failed.stage.name))
}

const help = (stage: string | undefined): string =>
  stage === 'Production'
    ? 'CloudFormation rolled production back if it had begun. `make retry-pipeline` plans and asks again.'
    : stage === 'Integration' || stage === 'Staging'
      ? 'The environment goes back to its last good image by itself. Mend the cause and push again.'
      : 'No environment was touched. Mend the cause and push again.'
