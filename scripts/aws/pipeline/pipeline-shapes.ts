import type {
  ActionExecutionDetail,
  GetPipelineStateCommandOutput,
  PipelineExecution,
  PipelineExecutionSummary,
} from '@aws-sdk/client-codepipeline'
import type { ActionRun } from '../../core/pipeline/action-runs.ts'
import type {
  ActionState,
  Execution,
  ExecutionNow,
  ExecutionStatus,
  PipelineState,
  StageStatus,
} from '../../core/pipeline/state.ts'

/** An action's latest execution is that of whichever pipeline execution reached it last: a stage that has begun anew
 *  still shows the end of the one before. Only ListActionExecutions tells whose run it was. */
export const toState = (
  name: string,
  { stageStates = [], pipelineVersion }: GetPipelineStateCommandOutput,
): PipelineState => ({
  name,
  version: pipelineVersion,
  stages: stageStates.map((stage) => ({
    name: stage.stageName ?? '',
    execution: stage.latestExecution?.pipelineExecutionId ?? '',
    status: (stage.latestExecution?.status ?? 'none') as StageStatus,
    barred:
      stage.inboundTransitionState?.enabled === false
        ? (stage.inboundTransitionState.disabledReason ?? 'no reason')
        : null,
    actions: (stage.actionStates ?? []).map((action): ActionState => {
      const latest = action.latestExecution
      return {
        name: action.actionName ?? '',
        status: latest?.status ?? 'none',
        changed: latest?.lastStatusChange?.getTime() ?? 0,
        summary: latest?.summary ?? '',
        error: latest?.errorDetails?.message ?? '',
        token: latest?.token ?? '',
        external: latest?.externalExecutionId ?? '',
        link: latest?.externalExecutionUrl ?? action.entityUrl ?? '',
      }
    }),
  })),
})

/** Of both sources the commit's: what a person released is the same in every execution. */
const sourceName = 'Source'
const pushedIn = ({ sourceRevisions: all = [] }: PipelineExecutionSummary) =>
  all.find(({ actionName }) => actionName === sourceName) ?? all[0]
const pushedArtifact = ({ artifactRevisions: all = [] }: PipelineExecution) =>
  all.find(({ name }) => name === sourceName) ?? all[0]

export const toExecution = (summary: PipelineExecutionSummary): Execution => ({
  id: summary.pipelineExecutionId ?? '',
  status: (summary.status ?? 'InProgress') as ExecutionStatus,
  trigger: [summary.trigger?.triggerType, summary.trigger?.triggerDetail].filter(Boolean).join(' '),
  revision: pushedIn(summary)?.revisionSummary ?? pushedIn(summary)?.revisionId ?? '',
  revisionId: pushedIn(summary)?.revisionId ?? '',
  started: summary.startTime?.getTime() ?? 0,
  updated: summary.lastUpdateTime?.getTime() ?? 0,
  type: summary.executionType ?? 'STANDARD',
})

export const toExecutionNow = (id: string, execution: PipelineExecution): ExecutionNow => ({
  id,
  status: (execution.status ?? 'InProgress') as ExecutionStatus,
  revision: pushedArtifact(execution)?.revisionSummary ?? pushedArtifact(execution)?.revisionId ?? '',
  version: execution.pipelineVersion,
})

export const toRun = (run: ActionExecutionDetail): ActionRun => ({
  id: run.actionExecutionId ?? '',
  execution: run.pipelineExecutionId ?? '',
  stage: run.stageName ?? '',
  action: run.actionName ?? '',
  status: run.status ?? '',
  started: run.startTime?.getTime() ?? 0,
  updated: run.lastUpdateTime?.getTime() ?? 0,
  by: run.updatedBy ?? '',
  approval: run.input?.actionTypeId?.category === 'Approval',
  summary: run.output?.executionResult?.externalExecutionSummary ?? '',
  error: run.output?.executionResult?.errorDetails?.message ?? '',
  configuration: run.input?.configuration ?? {},
  variables: run.output?.outputVariables ?? {},
  external: run.output?.executionResult?.externalExecutionId ?? '',
})
