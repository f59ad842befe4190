import { missingPacket, noApproval } from '../../core/approval/errors.ts'
import type { Packet } from '../../core/approval/packet.ts'
import { stackName, type Riglet, type Source } from '../../core/names.ts'
import { pendingApproval, type PendingApproval } from '../../core/pipeline/state.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { needPipeline } from '../pipeline/need-pipeline.ts'
import { needStack } from '../../engine/own-stacks.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { digestIn } from '../../core/pipeline/action-runs.ts'
import { readPacket } from './read-packet.ts'

export type Waiting = {
  readonly pipeline: string
  readonly approval: PendingApproval
  readonly digest: string
  readonly bucket: string
  /** Whether who pushed may not approve. */
  readonly separate: boolean
}

/**
 * The approval that waits in a pipeline. The digest comes from the execution's own Packet action, so
 * nobody can put another packet before the approver.
 * @throws RigletError PIPELINE | APPROVAL | STACK_TAKEN
 */
export async function findApproval(riglet: Riglet, source: Source, ports: Ports): Promise<Waiting> {
  const [{ name: pipeline, state }, jobs] = await Promise.all([
    needPipeline(riglet, source, ports),
    needStack(stackName.jobs(riglet, source), marksOf(riglet, source), ['ArtifactBucket'], ports),
  ])
  const approval = pendingApproval(state)
  if (approval === null) throw noApproval(pipeline)
  const runs = await ports.pipelines.runs(pipeline, approval.execution)
  const digest = digestIn(runs, approval.stage)
  if (digest === undefined) throw missingPacket(`of execution ${approval.execution}`)
  const bucket = jobs.outputs['ArtifactBucket']!
  return { pipeline, approval, digest, bucket, separate: jobs.parameters['SeparateApprover'] === 'yes' }
}

/**
 * The same with its packet, which who rejects need not be able to read.
 * @throws RigletError PIPELINE | APPROVAL | STACK_TAKEN
 */
export async function readApproval(
  riglet: Riglet,
  source: Source,
  ports: Ports,
): Promise<Waiting & { readonly packet: Packet }> {
  const waiting = await findApproval(riglet, source, ports)
  const { bucket, digest, approval } = waiting
  return { ...waiting, packet: await readPacket(bucket, { digest, execution: approval.execution }, ports) }
}
