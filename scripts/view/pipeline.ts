import type { ActionState, Execution, PipelineState, StageState } from '../core/pipeline/state.ts'

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

/** Lines that are said once each while an execution goes on: every action that ended, every wait for a person. */
export const interest = (state: PipelineState, execution: string): readonly string[] =>
  state.stages
    .filter((stage) => stage.execution === execution)
    .flatMap((stage) => [
      ...(stage.status === 'Skipped' ? [line(stage.name, 'skipped: nothing to do')] : []),
      ...stage.actions.flatMap((action) => said(stage, action)),
    ])

function said(stage: StageState, action: ActionState): readonly string[] {
  if (action.status === 'none' || stage.status === 'Skipped') return []
  const name = `${stage.name} ${action.name}`
  if (action.status === 'InProgress') return action.token === '' ? [] : [line(name, 'waits for your approval')]
  const why = action.status === 'Failed' ? (action.error || action.summary).split('\n')[0]! : ''
  return [line(name, `${mark(action.status)}${why === '' ? '' : `: ${why}`}`)]
}

const line = (name: string, what: string): string => `  ${name.padEnd(24)} ${what}`

/** The live block: one line a stage. */
export const watchLines = (state: PipelineState, execution: Execution): readonly string[] => [
  `${state.name}  ${execution.id.slice(0, 8)}  ${execution.revision.slice(0, 40)}`,
  ...state.stages.map((stage) => {
    const mine = stage.execution === execution.id
    const running = stage.actions.filter(({ status }) => status === 'InProgress').map(({ name }) => name)
    return line(stage.name, mine ? `${mark(stage.status)} ${running.join(', ')}`.trimEnd() : '')
  }),
]
