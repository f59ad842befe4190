import { runsOf, type ActionRun } from '../core/pipeline/action-runs.ts'
import type { ExecutionNow, PipelineState } from '../core/pipeline/state.ts'

const marks: Readonly<Record<string, string>> = {
  Succeeded: 'ok',
  Failed: 'FAILED',
  InProgress: '...',
  Stopped: 'stopped',
  Stopping: 'stopping',
  Cancelled: 'cancelled',
  Skipped: 'skipped',
  Abandoned: 'abandoned',
  none: '',
}

const mark = (status: string): string => marks[status] ?? status

/** `key` names what is told, so that it is told once: a run ends once, and a retry is another run. */
export type Told = { readonly key: string; readonly line: string }

/** What is said while an execution goes on, in the pipeline's order: every action that ended, every wait for a person. */
export const interest = (state: PipelineState, execution: string, runs: readonly ActionRun[]): readonly Told[] =>
  state.stages.flatMap((stage) =>
    stage.execution === execution && stage.status === 'Skipped'
      ? [{ key: stage.name, line: line(stage.name, 'skipped: nothing to do') }]
      : runsOf(stage, runs).flatMap(said),
  )

function said(run: ActionRun): readonly Told[] {
  const name = `${run.stage} ${run.action}`
  const key = `${run.id} ${run.status}`
  if (run.status === 'InProgress') return run.approval ? [{ key, line: line(name, 'waits for your approval') }] : []
  const why = run.status === 'Failed' ? (run.error || run.summary).split('\n')[0]! : ''
  return [{ key, line: line(name, `${mark(run.status)}${why === '' ? '' : `: ${why}`}`) }]
}

const line = (name: string, what: string): string => `  ${name.padEnd(24)} ${what}`

/** The live block: one line a stage. */
export const watchLines = (state: PipelineState, execution: ExecutionNow): readonly string[] => [
  `${state.name}  ${execution.id.slice(0, 8)}  ${execution.revision.slice(0, 40)}`,
  ...state.stages.map((stage) => {
    const mine = stage.execution === execution.id
    const running = stage.actions.filter(({ status }) => status === 'InProgress').map(({ name }) => name)
    return line(stage.name, mine ? `${mark(stage.status)} ${running.join(', ')}`.trimEnd() : '')
  }),
]
