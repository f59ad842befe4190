import { sourceKey, stackName } from '../../core/names.ts'
import { isRigletError } from '../../core/errors.ts'
import { noPipeline, pushInterrupted } from '../../core/pipeline/catalogue.ts'
import type { Ports } from '../../core/ports.ts'
import { rigletOf, sourceOf, type Settings } from '../../core/settings.ts'
import { needOutputs } from '../stack/need-output.ts'
import { seedTools } from './seed-tools.ts'

/** What names a pipeline. */
export type PipelineSettings = Settings<'OWNER' | 'PROJECT' | 'REPO' | 'BRANCH'>

const patienceMilliseconds = 60_000

/**
 * Sends the last commit to the source bucket; the new object version starts the pipeline by an event.
 * What is not committed is never sent; the person is told first.
 * @throws RigletError PIPELINE | STACK_NEEDED | NOT_CONFIRMED | INTERRUPTED
 */
export async function pushSource(settings: PipelineSettings, ports: Ports): Promise<void> {
  const [riglet, source] = [rigletOf(settings), sourceOf(settings)]
  const pipeline = stackName.pipeline(riglet, source)
  const [buckets, state, commit, changed] = await Promise.all([
    needOutputs(stackName.artifacts(riglet), ['SourceBucket', 'ArtifactBucket'], ports),
    ports.pipelines.state(pipeline),
    ports.git.head(),
    ports.git.changed(),
  ])
  if (state === undefined) throw noPipeline(pipeline)
  if (changed.length > 0) {
    const shown = changed.slice(0, 10).map((path) => `  ${path}`)
    ports.terminal.say(`Not committed, and so not pushed:\n${shown.join('\n')}`)
    if (!(await ports.terminal.confirm(`Push the last commit (${commit.id.slice(0, 7)}) without these changes?`)))
      return
  }
  await seedTools(buckets.ArtifactBucket, ports)
  const archive = 'out/source.zip'
  await ports.files.write('out/.keep', '')
  await ports.git.archive(commit.id, archive, { 'source.json': JSON.stringify({ ...commit, commit: commit.id }) })
  // CodePipeline shows this member of the metadata as the revision's summary.
  // https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
  const summary = ascii(`${commit.id.slice(0, 7)} ${commit.message}`.slice(0, 200))
  const metadata = { 'codepipeline-artifact-revision-summary': summary }
  const { version } = await ports.buckets.put(buckets.SourceBucket, sourceKey(source), { file: archive }, metadata)
  ports.terminal.say(`Pushed ${commit.id.slice(0, 7)} "${commit.message}".`)
  const execution = await awaitExecution(pipeline, version, ports).catch((error: unknown) => {
    throw isRigletError(error, 'INTERRUPTED') ? pushInterrupted(pipeline, commit.id.slice(0, 7)) : error
  })
  ports.terminal.say(
    execution === undefined
      ? 'The pipeline has not begun within a minute; `make status` shows what holds it up.'
      : `Execution ${execution} has begun; \`make watch-pipeline\` follows it.`,
  )
}

/** The event that starts a pipeline takes a moment; who follows at once must not see the execution before. */
async function awaitExecution(
  pipeline: string,
  version: string | undefined,
  ports: Ports,
): Promise<string | undefined> {
  const until = ports.clock.now().getTime() + patienceMilliseconds
  for (let pause = 250; ports.clock.now().getTime() < until; pause = Math.min(pause * 1.5, 3000)) {
    const executions = await ports.pipelines.executions(pipeline, 5)
    const started = executions.find(({ revisionId }) => revisionId === version)
    if (started !== undefined) return started.id
    await ports.clock.sleep(pause)
  }
  return undefined
}

/** Metadata of an object travels in HTTP headers: ASCII only. */
const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?')
