import { sourceKey, stackName } from '../../core/names.ts'
import { isRigletError } from '../../core/errors.ts'
import { pushInterrupted } from '../../core/pipeline/errors.ts'
import { metadataOf } from '../../core/source/pushed.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { rigletOf, sourceOf, type Settings } from '../../core/settings/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { until } from '../../core/until.ts'
import { needOutput } from '../../engine/own-stacks.ts'
import { doubtsOf } from './doubts.ts'
import { needPipeline } from './need-pipeline.ts'
import { archiveSource } from './archive-source.ts'

/** What names a pipeline. */
export type PipelineSettings = Settings<'OWNER' | 'PROJECT' | 'REPO' | 'BRANCH'>

/**
 * Sends the last commit to the source bucket; the new object version starts the pipeline by an event.
 * What is not committed is never sent; the person is told first, and asked where the commit is not what one expects.
 * @throws RigletError PIPELINE | STACK_NEEDED | STACK_TAKEN | FILE | NOT_CONFIRMED | INTERRUPTED
 */
export async function pushSource(settings: PipelineSettings & Settings, ports: Ports): Promise<void> {
  const [riglet, source] = [rigletOf(settings), sourceOf(settings)]
  const git = settings.FROM === undefined ? ports.git : ports.gitIn(settings.FROM)
  const [bucket, { name: pipeline }, commit, tags, pusher] = await Promise.all([
    needOutput(stackName.artifacts(riglet), marksOf(riglet), 'SourceBucket', ports),
    needPipeline(riglet, source, ports),
    git.head(),
    git.tags(),
    ports.account.caller(),
  ])
  const doubts = await doubtsOf(commit, source, bucket, { ...ports, git })
  for (const doubt of doubts) ports.terminal.say(doubt.what)
  const short = commit.id.slice(0, 7)
  const question = doubts.every(({ type }) => type === 'uncommitted')
    ? `Push the last commit (${short}) without these changes?`
    : `Push ${short} to the pipeline of ${source.repo} ${source.branch} all the same?`
  if (doubts.length > 0 && !(await ports.terminal.confirm(question))) return
  const archive = 'out/source.zip'
  const from = settings.FROM === undefined ? ports : { ...ports, git, files: ports.filesIn(settings.FROM) }
  if (!(await archiveSource(commit, archive, from))) return
  const metadata = metadataOf({ ...commit, commit: commit.id, pusher }, tags)
  const { version } = await ports.buckets.put(bucket, sourceKey(source), { file: archive }, metadata)
  ports.terminal.say(`Pushed ${short} "${commit.message}".`)
  const execution = await awaitExecution(pipeline, version, ports).catch((error: unknown) => {
    throw isRigletError(error, 'INTERRUPTED') ? pushInterrupted(pipeline, short) : error
  })
  ports.terminal.say(
    execution === undefined
      ? 'The pipeline has not begun within a minute; `make status` shows what holds it up.'
      : `Execution ${execution} has begun; \`make watch-pipeline\` monitors it.`,
  )
}

/** The event that starts a pipeline takes a moment; who monitors at once must not see the execution before. */
async function awaitExecution(
  pipeline: string,
  version: string | undefined,
  ports: Ports,
): Promise<string | undefined> {
  const started = async (): Promise<string | undefined> =>
    (await ports.pipelines.executions(pipeline, 5)).find(({ revisionId }) => revisionId === version)?.id
  return until(ports.clock, started, {
    done: (execution) => execution !== undefined,
    pause: { least: 250, most: 3000 },
    minutes: 1,
  })
}
