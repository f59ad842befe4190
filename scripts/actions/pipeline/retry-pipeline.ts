import { stackName } from '../../core/names.ts'
import { rigletOf, sourceOf } from '../../core/settings.ts'
import type { PipelineSettings } from './push-source.ts'
import { noPipeline, nothingFailed } from '../../core/pipeline/catalogue.ts'
import type { Ports } from '../../core/ports.ts'

/**
 * Retries the stage that failed. Production always as a whole: its change set is consumed by the first execution, so
 * it must be made, shown and approved anew. https://github.com/aws/aws-cdk/issues/11995
 * @throws RigletError PIPELINE
 */
export async function retryPipeline(settings: PipelineSettings, ports: Ports): Promise<void> {
  const name = stackName.pipeline(rigletOf(settings), sourceOf(settings))
  const state = await ports.pipelines.state(name)
  if (state === undefined) throw noPipeline(name)
  const failed = state.stages.find(({ status }) => status === 'Failed')
  if (failed === undefined) throw nothingFailed(name)
  const whole = failed.actions.some(({ name: action }) => action === 'ChangeSet')
  await ports.pipelines.retry(name, failed.name, failed.execution, whole ? 'ALL_ACTIONS' : 'FAILED_ACTIONS')
  ports.terminal.say(`${failed.name} is tried again. \`make watch-pipeline\` follows it.`)
}
