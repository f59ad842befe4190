import { lastEnvironment } from '../../core/shapes.ts'
import { movedSince, notTwoPeople, wrongDigest } from '../../core/approval/errors.ts'
import { freezeWords } from '../../core/approval/freeze.ts'
import { frozen } from '../../core/approval/freeze-errors.ts'
import { twoPeople } from '../../core/approval/person.ts'
import { whatMoved } from '../../core/approval/moved.ts'
import { lookBack, lostSince } from '../../core/approval/way-back.ts'
import { certain } from '../../core/image/launch.ts'
import { approvalSummary, digestOf, namesDigest, shortDigest } from '../../core/approval/packet.ts'
import { pipelineChangeSet } from '../../core/names.ts'
import { rigletOf, sourceOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import type { PipelineSettings } from '../pipeline/push-source.ts'
import { renderPacket } from '../../view/packet.ts'
import { findApproval, readApproval } from './find-approval.ts'
import { findFreeze } from '../pipeline/find-freeze.ts'
import { readSituation } from './packet-facts.ts'
import { protectApproved } from './protect-approved.ts'
import { sayUnchecked } from '../image/look-at-images.ts'
import type { Ports } from '../../core/ports/ports.ts'

/** Shows what waits for approval. */
export async function showApproval(settings: PipelineSettings, ports: Ports): Promise<void> {
  const [riglet, source] = [rigletOf(settings), sourceOf(settings)]
  const [{ packet: written, digest, approval }, freeze] = await Promise.all([
    readApproval(riglet, source, ports),
    findFreeze(riglet, lastEnvironment, source, ports),
  ])
  // What was written down of a freeze may be over, or have begun since.
  const packet = { ...written, frozen: freeze === undefined ? '' : freezeWords(freeze) }
  ports.terminal.show(
    wantsJson(settings)
      ? JSON.stringify({ digest, execution: approval.execution, packet }, null, 2)
      : renderPacket(packet),
  )
  if (freeze !== undefined)
    ports.terminal.say(`\nproduction is FROZEN ${freezeWords(freeze)}. Nothing can be approved before.`)
  ports.terminal.say(
    `\nTo approve exactly this: make approve DIGEST=${shortDigest(digest)}\nTo refuse it: make reject REASON="..."`,
  )
}

/**
 * Approves what the digest names, if it still is what would happen. The pipeline's own guard looks once more before it
 * executes; this look spares the person the wait.
 * @throws RigletError APPROVAL
 */
export async function approve(settings: PipelineSettings & Settings<'DIGEST'>, ports: Ports): Promise<void> {
  const given = settings.DIGEST
  const [riglet, source] = [rigletOf(settings), sourceOf(settings)]
  const [{ pipeline, approval, digest, packet, separate }, freeze] = await Promise.all([
    readApproval(riglet, source, ports),
    findFreeze(riglet, lastEnvironment, source, ports),
  ])
  if (!namesDigest(given, digest)) throw wrongDigest(given, digest)
  if (freeze !== undefined)
    throw frozen(lastEnvironment, freeze, 'Nothing was approved, and it goes on waiting.', 'approve it.')
  if (separate) {
    const apart = twoPeople(packet.source?.pusher ?? '', await ports.account.caller())
    if (apart.type !== 'two') throw notTwoPeople(apart, true)
  }
  const whose = marksOf(riglet, source, lastEnvironment)
  const name = pipelineChangeSet(approval.execution)
  const { hindrances, back, ...now } = await readSituation(packet.decisive.stack, whose, name, ports)
  const decisive = { ...now.decisive, wayBack: packet.decisive.wayBack }
  if (digestOf(decisive) !== digest) throw movedSince(whatMoved(packet.decisive, decisive))
  const lost = [...certain(hindrances), ...lostSince(decisive.wayBack, back === undefined ? [] : lookBack(back))]
  if (lost.length > 0) throw movedSince(lost)
  sayUnchecked(`${decisive.newImage.id} can be launched`, hindrances, ports)
  await ports.pipelines.answer(pipeline, approval, true, approvalSummary(digest))
  await protectApproved(packet.decisive.stack, ports)
  ports.terminal.say(`Approved ${shortDigest(digest)}. \`make watch-pipeline\` monitors the roll-out.`)
}

/** Refuses what waits; production stays as it is. */
export async function reject(settings: PipelineSettings & Settings<'REASON'>, ports: Ports): Promise<void> {
  const reason = settings.REASON
  const { pipeline, approval, digest } = await findApproval(rigletOf(settings), sourceOf(settings), ports)
  await ports.pipelines.answer(pipeline, approval, false, reason)
  ports.terminal.say(`Rejected ${shortDigest(digest)}: ${reason}. Production stays as it is.`)
}
