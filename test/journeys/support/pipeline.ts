import { BatchGetBuildsCommand, BatchGetReportsCommand, ListBuildsForProjectCommand } from '@aws-sdk/client-codebuild'
import { DescribeLogStreamsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  PutApprovalResultCommand,
  type StageState,
} from '@aws-sdk/client-codepipeline'
import type { clients } from '../../../rehearsal/contract/support/aws.ts'
import { until } from '../../../rehearsal/contract/support/until.ts'
import type { User } from './user.ts'

type Tools = Pick<ReturnType<typeof clients>, 'codepipeline'>

/** The digest that a person is shown, as far as one types it. */
export async function digestShown(user: User, ...which: readonly string[]): Promise<string> {
  const { stdout } = await user.does('show-approval', 'JSON=1', ...which)
  return (JSON.parse(stdout) as { digest: string }).digest.slice(0, 16)
}

/** Approves what is shown. */
export async function approveShown(user: User, ...which: readonly string[]): Promise<void> {
  await user.does('approve', `DIGEST=${await digestShown(user, ...which)}`, ...which)
}

/** Where a stage of a pipeline stands. */
export async function stageOf({ codepipeline }: Tools, name: string, stage: string): Promise<StageState | undefined> {
  const { stageStates = [] } = await codepipeline.send(new GetPipelineStateCommand({ name }))
  return stageStates.find(({ stageName }) => stageName === stage)
}

/** Approves what waits with the console's own call, past every check of ours. */
export async function approveInConsole(aws: Tools, pipeline: string, summary: string): Promise<void> {
  const production = await stageOf(aws, pipeline, 'Production')
  const waiting = production?.actionStates?.find(({ actionName }) => actionName === 'Approve')
  await aws.codepipeline.send(
    new PutApprovalResultCommand({
      pipelineName: pipeline,
      stageName: 'Production',
      actionName: 'Approve',
      token: waiting?.latestExecution?.token,
      result: { status: 'Approved', summary },
    }),
  )
}

/** Waits until a stage's execution has ended, and tells how. */
export const stageEnds = (aws: Tools, name: string, stage: string): Promise<string> =>
  until(
    async () => (await stageOf(aws, name, stage))?.latestExecution?.status ?? '',
    (status) => /^(?:Succeeded|Failed|Stopped)$/.test(status),
    300,
  )

/** Waits for the end of the stage's roll-back that the last failure began; tells how it ended.
 *  https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html */
export async function rolledBack({ codepipeline }: Tools, pipelineName: string): Promise<string> {
  const last = async (): Promise<string> => {
    const { pipelineExecutionSummaries: [newest] = [] } = await codepipeline.send(
      new ListPipelineExecutionsCommand({ pipelineName, maxResults: 1 }),
    )
    return newest?.executionType === 'ROLLBACK' ? (newest.status ?? '') : 'none'
  }
  return until(last, (status) => /^(?:Succeeded|Failed|Stopped)$/.test(status), 180)
}

/** The statuses of the reports of a project's newest build. */
export async function reportsOf(
  { codebuild }: Pick<ReturnType<typeof clients>, 'codebuild'>,
  projectName: string,
): Promise<readonly (string | undefined)[]> {
  const { ids: [id = ''] = [] } = await codebuild.send(
    new ListBuildsForProjectCommand({ projectName, sortOrder: 'DESCENDING' }),
  )
  const { builds: [build] = [] } = await codebuild.send(new BatchGetBuildsCommand({ ids: [id] }))
  const { reports = [] } = await codebuild.send(new BatchGetReportsCommand({ reportArns: build?.reportArns }))
  return reports.map(({ status }) => status)
}

/** Everything that one kind of builds of a branch's pipeline said. */
export async function logOf(
  { logs }: Pick<ReturnType<typeof clients>, 'logs'>,
  branch: string,
  job: string,
): Promise<string> {
  const logGroupName = `/acme-shop/jobs/acme-shop-jobs-web-${branch}`
  const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }))
  const names = logStreams.map(({ logStreamName = '' }) => logStreamName).filter((name) => name.startsWith(`${job}/`))
  const pages = await Promise.all(
    names.map((logStreamName) =>
      logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true })),
    ),
  )
  return pages.flatMap(({ events = [] }) => events.map(({ message = '' }) => message)).join('')
}

/** The actions that `make watch-pipeline` told of, in its order, with how they ended: `Bake Bake ok`. */
export const toldActions = (text: string): readonly string[] =>
  pairs.reduce(
    inOrder,
    [...text.matchAll(/^ {2}(\w+ \w+) +(ok|waits|FAILED)\b/gm)].map(([, action, end]) => `${action} ${end}`),
  )

/** These run side by side, and either may end first: they are told as the stage lists them. */
const pairs = [
  ['Source Source', 'Source Control'],
  ['Verify Verify', 'Verify Configure'],
] as const

function inOrder(told: readonly string[], [first, second]: (typeof pairs)[number]): readonly string[] {
  const [one, other] = [first, second].map((name) => told.findIndex((line) => line.startsWith(`${name} `))) as [
    number,
    number,
  ]
  return other < 0 || one < other ? told : told.with(other, told[one]!).with(one, told[other]!)
}
