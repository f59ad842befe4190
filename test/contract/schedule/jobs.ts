import { BatchGetBuildsCommand, ListBuildsForProjectCommand, type Build } from '@aws-sdk/client-codebuild'
import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { until, type Ground } from '../rehearsal.ts'

/** How many builds a project had, and how the last one ended, with its log. */
export function jobsOf({ aws: { codebuild, logs } }: Ground, stack: string) {
  const builds = async (job: string): Promise<readonly string[]> =>
    (await codebuild.send(new ListBuildsForProjectCommand({ projectName: `${stack}-${job}` }))).ids ?? []
  const log = async ({ logs: where }: Build): Promise<string> => {
    const asked = { logGroupName: where!.groupName!, logStreamName: where!.streamName!, startFromHead: true }
    const { events = [] } = await logs.send(new GetLogEventsCommand(asked))
    return events.map(({ message }) => message).join('')
  }
  /** The newest one, once it has ended. */
  const ended = async (
    job: string,
  ): Promise<{ readonly status: string; readonly log: string; readonly link: string }> => {
    const [id = ''] = await until(
      () => builds(job),
      (ids) => ids.length > 0,
    )
    const build = await until(
      async () => (await codebuild.send(new BatchGetBuildsCommand({ ids: [id] }))).builds![0]!,
      ({ buildComplete }) => buildComplete === true,
      240,
    )
    return { status: build.buildStatus!, log: await log(build), link: build.logs!.deepLink! }
  }
  return { builds, ended }
}
