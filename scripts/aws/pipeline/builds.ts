import type { BuildStory } from '../../core/ports/pipelines.ts'
import { lazyClient, type ClientOptions } from '../client/clients.ts'

const lines = 15

/** Which phase of a build failed and why, with the end of its log. Two calls.
 *  https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html */
export async function readBuild(id: string, options: ClientOptions): Promise<BuildStory> {
  const [{ CodeBuildClient, BatchGetBuildsCommand }, { CloudWatchLogsClient, GetLogEventsCommand }] = await Promise.all(
    [import('@aws-sdk/client-codebuild'), import('@aws-sdk/client-cloudwatch-logs')],
  )
  const { builds = [] } = await lazyClient(async () => CodeBuildClient, options).send(
    new BatchGetBuildsCommand({ ids: [id] }),
  )
  const build = builds[0]
  if (build === undefined) return { phase: 'build', message: `${id} is not known any more`, log: [] }
  const failed = build.phases?.find(({ phaseStatus }) => phaseStatus !== undefined && phaseStatus !== 'SUCCEEDED')
  const message = failed?.contexts?.map((context) => context.message).join('; ') ?? build.buildStatus ?? ''
  const log: string[] = []
  if (build.logs?.groupName !== undefined && build.logs.streamName !== undefined) {
    const { events = [] } = await lazyClient(async () => CloudWatchLogsClient, options).send(
      new GetLogEventsCommand({ logGroupName: build.logs.groupName, logStreamName: build.logs.streamName, limit: 60 }),
    )
    log.push(
      ...events
        .map((event) => (event.message ?? '').trimEnd())
        .filter((line) => line !== '' && !/^\[Container\]/.test(line)),
    )
  }
  return { phase: failed?.phaseType ?? 'build', message, log: log.slice(-lines) }
}
