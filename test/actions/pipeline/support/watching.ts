import type { ActionState, PipelineState, StageState } from '../../../../scripts/core/pipeline/state.ts'
import type { Ports } from '../../../../scripts/core/ports/ports.ts'
import { execution, fakePipelines } from '../../../fakes/pipelines.ts'
import { fakePorts } from '../../../fakes/regional.ts'
import { answering } from '../../../fakes/terminal.ts'

export const settings = { OWNER: 'acme', PROJECT: 'shop', REPO: 'web', BRANCH: 'main' }

export const action = (name: string, status: ActionState['status'], more: Partial<ActionState> = {}): ActionState => ({
  name,
  status,
  changed: 0,
  summary: '',
  error: '',
  token: '',
  external: '',
  link: '',
  ...more,
})
export const stage = (name: string, status: StageState['status'], ...actions: ActionState[]): StageState => ({
  name,
  execution: 'e1',
  status,
  actions,
  barred: null,
})
export const pipeline = (...stages: StageState[]): PipelineState => ({ name: 'p', stages })

/** A pipeline in this state, whose execution e1 stands so. */
export function watching(state: PipelineState, status: Parameters<typeof execution>[1]) {
  const terminal = answering()
  const pipelines = fakePipelines(state)
  pipelines.history = [execution('e1', status)]
  return { terminal, pipelines, ports: { ...fakePorts(terminal), pipelines } as Ports }
}
