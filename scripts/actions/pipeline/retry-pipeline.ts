import { rigletOf, sourceOf } from '../../core/settings/settings.ts'
import type { PipelineSettings } from './push-source.ts'
import { nothingFailed } from '../../core/pipeline/errors.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { imageRevoked } from '../../core/revocation/errors.ts'
import { revocationOf } from '../../core/revocation/revocation.ts'
import { orWhy } from '../../engine/of-many.ts'
import { needPipeline } from './need-pipeline.ts'

/**
 * Retries the stage that failed. Production always as a whole: its change set is consumed by the first execution, so
 * it must be made, shown and approved anew. https://github.com/aws/aws-cdk/issues/11995
 * @throws RigletError PIPELINE | STACK_TAKEN | IMAGE when the image was revoked since
 */
export async function retryPipeline(settings: PipelineSettings, ports: Ports): Promise<void> {
  const { name, state } = await needPipeline(rigletOf(settings), sourceOf(settings), ports)
  const failed = state.stages.find(({ status }) => status === 'Failed')
  if (failed === undefined) throw nothingFailed(name)
  await refuseRevoked(name, failed.execution, ports)
  const whole = failed.actions.some(({ name: action }) => action === 'ChangeSet')
  await ports.pipelines.retry(name, failed.name, failed.execution, whole ? 'ALL_ACTIONS' : 'FAILED_ACTIONS')
  ports.terminal.say(`${failed.name} is tried again. \`make watch-pipeline\` monitors it.`)
}

/** A stage that is tried again deploys at once, with nothing before it that would look. */
async function refuseRevoked(pipeline: string, execution: string, ports: Ports): Promise<void> {
  const runs = await ports.pipelines.runs(pipeline, execution)
  const image = runs.map(({ variables }) => variables['IMAGE_ID']).find((id) => id !== undefined)
  if (image === undefined) return
  const asked = await orWhy(ports.images.describe([image]))
  const revocation = asked.type === 'answered' ? revocationOf(asked.answer[0]?.tags ?? {}) : undefined
  if (revocation !== undefined) throw imageRevoked(image, revocation, 'Push a mended commit.')
}
