import type { CodePipelineClient, ListActionExecutionsCommandInput } from '@aws-sdk/client-codepipeline'
import { answered } from '../../core/approval/errors.ts'
import type { ActionRun } from '../../core/pipeline/action-runs.ts'
import type { Pipelines } from '../../core/ports/pipelines.ts'
import { readBuild } from './builds.ts'
import { lazyClient, type ClientOptions } from '../client/clients.ts'
import { awsCode, awsMessage } from '../client/failures.ts'
import { pagesOf } from '../client/paged.ts'
import { toExecution, toExecutionNow, toRun, toState } from './pipeline-shapes.ts'
import { stopBuilds } from './stop-builds.ts'

const load = () => import('@aws-sdk/client-codepipeline')

/** CodePipeline. https://docs.aws.amazon.com/codepipeline/latest/APIReference/Welcome.html */
export function makePipelines(
  options: ClientOptions,
  client: Pick<CodePipelineClient, 'send'> = lazyClient(async () => (await load()).CodePipelineClient, options),
): Pipelines {
  /** Reads no further than a page of nothing but runs that are too old. */
  const runsOf = async (
    asked: ListActionExecutionsCommandInput,
    old: (run: ActionRun) => boolean = () => false,
  ): Promise<readonly ActionRun[]> => {
    const { ListActionExecutionsCommand } = await load()
    const ask = (nextToken: string | undefined) =>
      client.send(new ListActionExecutionsCommand({ ...asked, maxResults: 100, nextToken }))
    const runs: ActionRun[] = []
    for await (const { actionExecutionDetails = [] } of pagesOf(ask, 'nextToken')) {
      const found = actionExecutionDetails.map(toRun)
      runs.push(...found)
      if (found.length > 0 && found.every(old)) break
    }
    return runs
  }
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
      return pipelineExecutionSummaries.map(toExecution)
    },
    execution: async (pipelineName, pipelineExecutionId) => {
      const { GetPipelineExecutionCommand } = await load()
      try {
        const { pipelineExecution } = await client.send(
          new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }),
        )
        return pipelineExecution && toExecutionNow(pipelineExecutionId, pipelineExecution)
      } catch (error) {
        // What is no execution's id by its form is refused before it is looked for.
        // https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetPipelineExecution.html
        if (/^(?:PipelineExecutionNotFound|PipelineNotFound|Validation)Exception$/.test(awsCode(error) ?? ''))
          return undefined
        throw error
      }
    },
    runs: (pipelineName, pipelineExecutionId) => runsOf({ pipelineName, filter: { pipelineExecutionId } }),
    // No filter takes several executions; they come the newest first, a hundred actions at a time.
    runsSince: (pipelineName, time) => runsOf({ pipelineName }, (run) => run.started < time),
    start: async (name, clientRequestToken) => {
      const { StartPipelineExecutionCommand } = await load()
      return (
        (await client.send(new StartPipelineExecutionCommand({ name, clientRequestToken }))).pipelineExecutionId ?? ''
      )
    },
    answer: async (pipelineName, { stage, action, token }, approved, summary) => {
      const { PutApprovalResultCommand } = await load()
      const result = { status: approved ? ('Approved' as const) : ('Rejected' as const), summary }
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
