import { movedSince } from '../../core/approval/catalogue.ts'
import { whatMoved } from '../../core/approval/moved.ts'
import { certain } from '../../core/image/launch.ts'
import { digestOf, shortDigest } from '../../core/approval/packet.ts'
import { pipelineChangeSet, stackName } from '../../core/names.ts'
import { environmentOf, rigletOf, sourceOf, type Settings } from '../../core/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import type { JobSettings } from './make-packet.ts'
import { readSituation } from './packet-facts.ts'
import { sayUnchecked } from '../image/look-at-images.ts'
import type { Ports } from '../../core/ports.ts'
import { readPacket } from './read-packet.ts'

/**
 * Computes the digest anew from what is there now, and refuses when it is not the approved one (B04).
 * @throws RigletError APPROVAL naming all that moved
 */
export async function guard(settings: JobSettings & Settings<'DIGEST'>, ports: Ports): Promise<void> {
  const digest = settings.DIGEST
  const [riglet, environment, source] = [rigletOf(settings), environmentOf(settings), sourceOf(settings)]
  const stack = stackName.app(riglet, environment, source)
  const [packet, { decisive, changeSet, hindrances }] = await Promise.all([
    readPacket(settings.ARTIFACTS_BUCKET, digest, ports),
    readSituation(stack, marksOf(riglet, source, environment), pipelineChangeSet, ports),
  ])
  const moved = digestOf(decisive) === digest ? [] : [...whatMoved(packet.decisive, decisive)]
  moved.push(...certain(hindrances))
  if (changeSet.changes.length > 0 && !changeSet.executable)
    moved.push('the change set cannot be executed any more: the stack was updated since it was made')
  if (moved.length > 0) throw movedSince(moved)
  sayUnchecked(`${decisive.newImage.id} can be launched`, hindrances, ports)
  ports.terminal.say(`Nothing moved since ${shortDigest(digest)} was shown.`)
}
