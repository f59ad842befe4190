import type { WayBack } from '../../core/pipeline/remedy.ts'
import type { PipelineState } from '../../core/pipeline/state.ts'
import type { Ports } from '../../core/ports/ports.ts'

const remembered = 25

/**
 * Whether CodePipeline can roll a failed stage back: only to an execution that passed it and was started in the structure
 * that the pipeline has now. https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
 */
export async function findWayBack(
  { name, version }: PipelineState,
  stage: string,
  failed: string,
  { pipelines }: Pick<Ports, 'pipelines'>,
): Promise<WayBack> {
  const all = await pipelines.executions(name, remembered)
  for (const { id, type } of all.slice(all.findIndex(({ id }) => id === failed) + 1)) {
    if (type !== 'STANDARD') continue
    const runs = await pipelines.runs(name, id)
    if (!runs.some((run) => run.stage === stage && run.action === 'Smoke' && run.status === 'Succeeded')) continue
    const then = await pipelines.execution(name, id)
    return version === undefined || then?.version === version ? { type: 'goes back' } : { type: 'changed since' }
  }
  return { type: 'nothing' }
}
