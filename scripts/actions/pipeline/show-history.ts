import { sourceKey, stackName, type Source } from '../../core/names.ts'
import { pastOf } from '../../core/pipeline/history.ts'
import { readMetadata, type Pushed } from '../../core/source/pushed.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { rigletOf, sourceOf, wantsJson } from '../../core/settings/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { renderHistory } from '../../view/history.ts'
import { orWhy } from '../../engine/or-why.ts'
import { needOutput } from '../../engine/own-stacks.ts'
import { needPipeline } from './need-pipeline.ts'
import type { PipelineSettings } from './push-source.ts'

const remembered = 10

/**
 * What the last executions shipped, and who stands behind each. Five calls, one more for every hundred actions beyond the
 * first, and one for every version of the source.
 * @throws RigletError PIPELINE | STACK_NEEDED | STACK_TAKEN
 */
export async function showHistory(settings: PipelineSettings, ports: Ports): Promise<void> {
  const [riglet, source] = [rigletOf(settings), sourceOf(settings)]
  const name = stackName.pipeline(riglet, source)
  const [{ state }, bucket] = await Promise.all([
    needPipeline(riglet, source, ports),
    needOutput(stackName.artifacts(riglet), marksOf(riglet), 'SourceBucket', ports),
  ])
  const executions = await ports.pipelines.executions(name, remembered)
  const since = Math.min(...executions.map(({ started }) => started))
  const [runs, pushes] = await Promise.all([
    executions.length === 0 ? [] : ports.pipelines.runsSince(name, since),
    readPushes(bucket, source, [...new Set(executions.map(({ revisionId }) => revisionId))], ports),
  ])
  const stages = state.stages.map((stage) => stage.name)
  const past = executions.map((execution) =>
    pastOf(
      execution,
      runs.filter((run) => run.execution === execution.id),
      stages,
      pushes.get(execution.revisionId),
    ),
  )
  ports.terminal.show(
    wantsJson(settings) ? JSON.stringify({ pipeline: name, executions: past }, null, 2) : renderHistory(name, past),
  )
}

/** By version of the source's object; those that are gone, or that nobody described, are left out. */
async function readPushes(
  bucket: string,
  source: Source,
  versions: readonly string[],
  { buckets, terminal }: Pick<Ports, 'buckets' | 'terminal'>,
): Promise<ReadonlyMap<string, Pushed>> {
  const refused = new Set<string>()
  const found = await Promise.all(
    versions
      .filter((version) => version !== '')
      .map(async (version) => {
        const asked = await orWhy(buckets.metadata(bucket, sourceKey(source), version))
        if (asked.type === 'refused') refused.add(asked.why)
        const pushed = asked.type === 'refused' ? undefined : readMetadata(asked.answer ?? {})
        return pushed === undefined ? [] : [[version, pushed] as const]
      }),
  )
  for (const why of refused) terminal.say(`Not known who pushed: ${why}`)
  return new Map(found.flat())
}
