import type { GetPipelineStateCommandOutput } from '@aws-sdk/client-codepipeline'
import { answered } from '../core/approval/catalogue.ts'
import type { ActionRun, Pipelines } from '../core/pipeline/ports.ts'
import type { ActionState, Execution, PipelineState, StageStatus } from '../core/pipeline/state.ts'
import { readBuild } from './builds.ts'
import { lazyClient, type ClientOptions } from './clients.ts'
import { awsCode, awsMessage } from './failures.ts'
import { stopBuilds } from './stop-builds.ts'

/** CodePipeline. https://docs.aws.amazon.com/codepipeline/latest/APIReference/Welcome.html */
export function makePipelines(options: ClientOptions): Pipelines {
  const load = () => import('@aws-sdk/client-codepipeline')
  const client = lazyClient(async () => (await load()).CodePipelineClient, options)

  return {
    state: async (name) => {
      const { GetPipelineStateCommand } = await load()
      try {
        return toState(name, await client.send(new GetPipelineStateCommand({ name })))
      } catch (error) {
        if (awsCode(error) === 'PipelineNotFoundException') return undefined
        throw error
      }
    },
    executions: async (pipelineName, most) => {
      const { ListPipelineExecutionsCommand } = await load()
      const { pipelineExecutionSummaries = [] } = await client.send(
        new ListPipelineExecutionsCommand({ pipelineName, maxResults: Math.min(most, 100) }),
      )
      return pipelineExecutionSummaries.map((summary): Execution => ({
        id: summary.pipelineExecutionId ?? '',
        status: (summary.status ?? 'InProgress') as Execution['status'],
        trigger: [summary.trigger?.triggerType, summary.trigger?.triggerDetail].filter(Boolean).join(' '),
        revision: summary.sourceRevisions?.[0]?.revisionSummary ?? summary.sourceRevisions?.[0]?.revisionId ?? '',
        revisionId: summary.sourceRevisions?.[0]?.revisionId ?? '',
        started: summary.startTime?.getTime() ?? 0,
        updated: summary.lastUpdateTime?.getTime() ?? 0,
        type: summary.executionType ?? 'STANDARD',
      }))
    },
    runs: async (pipelineName, pipelineExecutionId) => {
      const { ListActionExecutionsCommand } = await load()
      const runs: ActionRun[] = []
      let nextToken: string | undefined
      do {
        const page = await client.send(
          new ListActionExecutionsCommand({
            pipelineName,
            filter: { pipelineExecutionId },
            maxResults: 100,
            nextToken,
          }),
        )
        for (const run of page.actionExecutionDetails ?? [])
          runs.push({
            stage: run.stageName ?? '',
            action: run.actionName ?? '',
            status: run.status ?? '',
            variables: run.output?.outputVariables ?? {},
            external: run.output?.executionResult?.externalExecutionId ?? '',
          })
        nextToken = page.nextToken
      } while (nextToken !== undefined)
      return runs
    },
    start: async (name) => {
      const { StartPipelineExecutionCommand } = await load()
      return (await client.send(new StartPipelineExecutionCommand({ name }))).pipelineExecutionId ?? ''
    },
    answer: async (pipelineName, { stage, action, token }, approved, summary) => {
      const { PutApprovalResultCommand } = await load()
      // A summary may have 512 characters. https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ApprovalResult.html
      const result = {
        status: approved ? ('Approved' as const) : ('Rejected' as const),
        summary: summary.slice(0, 512),
      }
      try {
        await client.send(
          new PutApprovalResultCommand({ pipelineName, stageName: stage, actionName: action, token, result }),
        )
      } catch (error) {
        if (/^(?:ApprovalAlreadyCompleted|InvalidApprovalToken)Exception$/.test(awsCode(error) ?? ''))
          throw answered(awsMessage(error), error)
        throw error
      }
    },
    retry: async (pipelineName, stageName, pipelineExecutionId, retryMode) => {
      const { RetryStageExecutionCommand } = await load()
      await client.send(new RetryStageExecutionCommand({ pipelineName, stageName, pipelineExecutionId, retryMode }))
    },
    stop: async (pipelineName, pipelineExecutionId) => {
      const { StopPipelineExecutionCommand } = await load()
      const reason = 'The riglet is being deleted'
      try {
        await client.send(
          new StopPipelineExecutionCommand({ pipelineName, pipelineExecutionId, abandon: true, reason }),
        )
      } catch (error) {
        // It ended meanwhile, or was abandoned already.
        if (!/^(?:PipelineExecutionNotStoppable|DuplicatedStopRequest)Exception$/.test(awsCode(error) ?? ''))
          throw error
      }
    },
    stopBuilds: (projects) => stopBuilds(projects, options),
    build: (id) => readBuild(id, options),
  }
}

const toState = (name: string, { stageStates = [] }: GetPipelineStateCommandOutput): PipelineState => ({
  name,
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
