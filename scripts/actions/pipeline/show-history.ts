import {
  appName,
  environments,
  parameterPath,
  rollbackName,
  sourceKey,
  stackName,
  type Riglet,
  type Source,
} from '../../core/names.ts'
import { pastOf } from '../../core/pipeline/history.ts'
import { readMetadata, type Pushed } from '../../core/source/pushed.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { doubt, readRollback, type PastRollback, type RollbackLook } from '../../core/rollback/record.ts'
import { rigletOf, sourceOf, wantsJson } from '../../core/settings/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { renderHistory } from '../../view/history.ts'
import { orWhy } from '../../engine/of-many.ts'
import { needOutput } from '../../engine/own-stacks.ts'
import { needPipeline } from './need-pipeline.ts'
import type { PipelineSettings } from './push-source.ts'

const remembered = 10

/**
 * What the last executions shipped, who stands behind each, and what a person took back between them. Six calls, one more
 * for every hundred actions beyond the first, and one for every version of the source.
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
  const [runs, rollbacks, pushes] = await Promise.all([
    executions.length === 0 ? [] : ports.pipelines.runsSince(name, since),
    readRollbacks(riglet, source, ports),
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
  // Executions that are not shown any more may have come between older ones and these.
  const back = rollbacks.filter(({ at }) => Date.parse(at) >= since)
  ports.terminal.show(
    wantsJson(settings)
      ? JSON.stringify({ pipeline: name, executions: past, rollbacks: back }, null, 2)
      : renderHistory(name, past, back),
  )
}

/** The last roll-back of each environment, as it is kept (decision 20), the newest first. */
async function readRollbacks(
  riglet: Riglet,
  source: Source,
  { parameters, terminal }: Pick<Ports, 'parameters' | 'terminal'>,
): Promise<readonly PastRollback[]> {
  const asked = await orWhy(parameters.values(parameterPath(riglet, 'rollback')))
  const looks = await Promise.all(
    environments.map(async (environment) => {
      const place = rollbackName(riglet, environment, appName(source))
      const look: RollbackLook =
        asked.type === 'refused' ? { unchecked: doubt(asked.why) } : await readRollback(place, asked.answer.get(place))
      return { environment, ...look }
    }),
  )
  for (const why of new Set(looks.map(({ unchecked }) => unchecked)))
    if (why !== undefined) terminal.say(`Not known ${why}`)
  return looks
    .flatMap(({ environment, rollback }) => {
      if (rollback === undefined) return []
      const { stackId: _, ...told } = rollback
      return [{ environment, ...told }]
    })
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at))
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
