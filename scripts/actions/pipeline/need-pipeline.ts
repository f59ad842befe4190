import { stackName, type Riglet, type Source } from '../../core/names.ts'
import { noPipeline } from '../../core/pipeline/errors.ts'
import type { PipelineState } from '../../core/pipeline/state.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { findOurs } from '../../engine/own-stacks.ts'

/**
 * The pipeline of a source, which its stack says it is. Both are asked for at once.
 * @throws RigletError PIPELINE | STACK_TAKEN
 */
export async function needPipeline(
  riglet: Riglet,
  source: Source,
  ports: Pick<Ports, 'pipelines' | 'stacks'>,
): Promise<{ readonly name: string; readonly state: PipelineState }> {
  const name = stackName.pipeline(riglet, source)
  const [state] = await Promise.all([ports.pipelines.state(name), findOurs(name, marksOf(riglet, source), ports)])
  if (state === undefined) throw noPipeline(name)
  return { name, state }
}
