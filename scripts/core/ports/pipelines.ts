import type { ActionRun } from '../pipeline/action-runs.ts'
import type { Execution, ExecutionNow, PendingApproval, PipelineState } from '../pipeline/state.ts'

/** CodePipeline, and the builds behind its actions. */
export type Pipelines = {
  /** undefined: there is no such pipeline. One call. */
  readonly state: (name: string) => Promise<PipelineState | undefined>
  /** The newest first. */
  readonly executions: (name: string, most: number) => Promise<readonly Execution[]>
  /** Of any age; undefined: the pipeline never had it. */
  readonly execution: (name: string, id: string) => Promise<ExecutionNow | undefined>
  /** Every run of every action of one execution, the newest first. */
  readonly runs: (name: string, execution: string) => Promise<readonly ActionRun[]>
  /** Those of all executions that began at that time or later, the newest first; older ones may be among them. */
  readonly runsSince: (name: string, time: number) => Promise<readonly ActionRun[]>
  /** Answers the execution; the same token again answers the same one. */
  readonly start: (name: string, token?: string) => Promise<string>
  /** @throws RigletError APPROVAL when somebody else answered, or the execution was superseded */
  readonly answer: (name: string, approval: PendingApproval, approved: boolean, summary: string) => Promise<void>
  readonly retry: (
    name: string,
    stage: string,
    execution: string,
    mode: 'ALL_ACTIONS' | 'FAILED_ACTIONS',
  ) => Promise<void>
  /** Abandons an execution with all its actions; one that has ended stays as it is. */
  readonly stop: (name: string, execution: string) => Promise<void>
  /** Asks the builds of CodeBuild projects to stop; answers how many have not ended yet. */
  readonly stopBuilds: (projects: readonly string[]) => Promise<number>
  /** Why a build ended as it did, and the end of its log. */
  readonly build: (id: string) => Promise<BuildStory>
}

export type BuildStory = { readonly phase: string; readonly message: string; readonly log: readonly string[] }
