import { sourceKey, stackName } from '../core/names.ts'
import { noPipeline, uncommitted } from '../core/pipeline/catalogue.ts'
import { rigletOf, sourceOf, type Settings } from '../core/settings.ts'
import { needOutput } from './need-output.ts'
import { seedTools } from './seed-tools.ts'
import type { Ports } from '../core/ports.ts'

/** What names a pipeline. */
export type PipelineSettings = Settings<'OWNER' | 'PROJECT' | 'REPO' | 'BRANCH'>

/**
 * Sends the last commit to the source bucket; the new object version starts the pipeline by an event.
 * What is not committed is never sent; the person is told first.
 * @throws RigletError PIPELINE | STACK_NEEDED
 */
export async function pushSource(settings: PipelineSettings, ports: Ports): Promise<void> {
  const [riglet, source] = [rigletOf(settings), sourceOf(settings)]
  const pipeline = stackName.pipeline(riglet, source)
  const [bucket, state, commit, changed] = await Promise.all([
    needOutput(stackName.artifacts(riglet), 'SourceBucket', ports),
    ports.pipelines.state(pipeline),
    ports.git.head(),
    ports.git.changed(),
  ])
  if (state === undefined) throw noPipeline(pipeline)
  if (changed.length > 0) {
    ports.terminal.say(
      `Not committed, and so not pushed:\n${changed
        .slice(0, 10)
        .map((path) => `  ${path}`)
        .join('\n')}`,
    )
    if (!ports.terminal.interactive) throw uncommitted(changed)
    if (!(await ports.terminal.confirm(`Push the last commit (${commit.id.slice(0, 7)}) without these changes?`)))
      return
  }
  await seedTools(await needOutput(stackName.artifacts(riglet), 'ArtifactBucket', ports), ports)
  const archive = 'out/source.zip'
  await ports.files.write('out/.keep', '')
  await ports.git.archive(commit.id, archive, {
    'source.json': JSON.stringify({
      commit: commit.id,
      message: commit.message,
      author: commit.author,
      time: commit.time,
    }),
  })
  // CodePipeline shows this member of the metadata as the revision's summary.
  // https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
  const summary = `${commit.id.slice(0, 7)} ${commit.message}`.slice(0, 200)
  const put = await ports.buckets.put(
    bucket,
    sourceKey(source),
    { file: archive },
    {
      'codepipeline-artifact-revision-summary': ascii(summary),
    },
  )
  ports.terminal.say(
    `Pushed ${commit.id.slice(0, 7)} "${commit.message}" as version ${put.version ?? '?'}. \`make watch-pipeline\` follows it.`,
  )
}

/** Metadata of an object travels in HTTP headers: ASCII only. */
const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?')
