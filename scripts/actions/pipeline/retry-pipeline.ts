import { rigletOf, sourceOf } from '../../core/settings/settings.ts'
import type { PipelineSettings } from './push-source.ts'
import { nothingFailed } from '../../core/pipeline/errors.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { needPipeline } from './need-pipeline.ts'

/**
 * Retries the stage that failed. Production always as a whole: its change set is consumed by the first execution, so
 * it must be made, shown and approved anew. https://github.com/aws/aws-cdk/issues/11995
 * @throws RigletError PIPELINE | STACK_TAKEN
 */
export async function retryPipeline(settings: PipelineSettings, ports: Ports): Promise<void> {
  const { name, state } = await needPipeline(rigletOf(settings), sourceOf(settings), ports)
  const failed = state.stages.find(({ status }) => status === 'Failed')
  if (failed === undefined) throw nothingFailed(name)
  const whole = failed.actions.some(({ name: action }) => action === 'ChangeSet')
  await ports.pipelines.retry(name, failed.name, failed.execution, whole ? 'ALL_ACTIONS' : 'FAILED_ACTIONS')
  ports.terminal.say(`${failed.name} is tried again. \`make watch-pipeline\` monitors it.`)
}
