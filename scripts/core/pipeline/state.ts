/** A pipeline as it stands, in CodePipeline's own words. Times are epoch milliseconds.
 *  https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetPipelineState.html */
export type PipelineState = {
  readonly name: string
  readonly stages: readonly StageState[]
  /** Of its structure: every update of the pipeline itself makes a new one. */
  readonly version?: number | undefined
}

export type StageState = {
  readonly name: string
  readonly execution: string
  readonly status: StageStatus
  readonly actions: readonly ActionState[]
  /** Why entry is barred, when a person disabled the transition. */
  readonly barred: string | null
}

export type StageStatus =
  'none' | 'InProgress' | 'Succeeded' | 'Failed' | 'Stopped' | 'Stopping' | 'Cancelled' | 'Skipped'

export type ActionState = {
  readonly name: string
  readonly status: 'none' | 'InProgress' | 'Succeeded' | 'Failed' | 'Abandoned'
  readonly changed: number
  readonly summary: string
  readonly error: string
  /** Present while a manual approval waits: what PutApprovalResult wants. */
  readonly token: string
  /** The run behind it: a build id, a stack, a change set. */
  readonly external: string
  readonly link: string
}

export type ExecutionStatus =
  'InProgress' | 'Succeeded' | 'Failed' | 'Stopped' | 'Stopping' | 'Superseded' | 'Cancelled'

export type Execution = {
  readonly id: string
  readonly status: ExecutionStatus
  readonly trigger: string
  /** What was pushed, in words. */
  readonly revision: string
  /** The object version of an S3 source, or a commit. */
  readonly revisionId: string
  readonly started: number
  readonly updated: number
  readonly type: 'STANDARD' | 'ROLLBACK'
}

/** What may be asked of one execution by its id. `version`: of the pipeline's structure that it was started in. */
export type ExecutionNow = Pick<Execution, 'id' | 'status' | 'revision'> & { readonly version?: number | undefined }

/** An approval that waits for a person. */
export type PendingApproval = {
  readonly stage: string
  readonly action: string
  readonly token: string
  readonly execution: string
}

/** The approval that waits, if any; CodePipeline lets at most one execution stand in a stage. */
export function pendingApproval(state: PipelineState): PendingApproval | null {
  for (const stage of state.stages)
    for (const action of stage.actions)
      if (action.status === 'InProgress' && action.token !== '')
        return { stage: stage.name, action: action.name, token: action.token, execution: stage.execution }
  return null
}

/** Whether a stage works on this execution now. Between two stages, and at its end, none does. */
export const isUnderWay = (state: PipelineState, execution: string): boolean =>
  state.stages.some((stage) => stage.execution === execution && stage.status === 'InProgress')

export const isOver = (status: ExecutionStatus): boolean => status !== 'InProgress' && status !== 'Stopping'
