import { movedSince, notTwoPeople, otherDigest, withoutDigest } from '../../core/approval/errors.ts'
import { frozen } from '../../core/approval/freeze-errors.ts'
import { twoPeople } from '../../core/approval/person.ts'
import { whatMoved } from '../../core/approval/moved.ts'
import { lookBack, lostSince } from '../../core/approval/way-back.ts'
import { certain } from '../../core/image/launch.ts'
import { digestGiven, digestOf, namesDigest, shortDigest } from '../../core/approval/packet.ts'
import { pipelineChangeSet, stackName } from '../../core/names.ts'
import { environmentOf, rigletOf, sourceOf, type Settings } from '../../core/settings/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { findFreeze } from '../pipeline/find-freeze.ts'
import type { JobSettings } from './make-packet.ts'
import { readSituation } from './packet-facts.ts'
import { sayUnchecked } from '../image/look-at-images.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { readPacket } from './read-packet.ts'

/**
 * Takes the digest that the person who approved gave, computes it anew from what is there now, and refuses when they are
 * not the same (B04). Whichever way the approval was given, it holds neither in a freeze nor, by setting, from who pushed.
 * @throws RigletError APPROVAL naming all that moved
 */
export async function guard(settings: JobSettings & Settings<'DIGEST' | 'EXECUTION_ID'>, ports: Ports): Promise<void> {
  const { DIGEST: digest, EXECUTION_ID: execution } = settings
  const [riglet, environment, source] = [rigletOf(settings), environmentOf(settings), sourceOf(settings)]
  const stack = stackName.app(riglet, environment, source)
  const name = settings.CHANGE_SET ?? pipelineChangeSet(execution)
  const [packet, situation, runs, freeze] = await Promise.all([
    readPacket(settings.ARTIFACTS_BUCKET, { digest, execution }, ports),
    readSituation(stack, marksOf(riglet, source, environment), name, ports),
    ports.pipelines.runs(stackName.pipeline(riglet, source), execution),
    findFreeze(riglet, environment, source, ports),
  ])
  if (freeze !== undefined)
    throw frozen(environment, freeze, 'Production was not touched.', '`make retry-pipeline` plans and asks again.')
  // The newest: a retry asks anew.
  const { summary, by } = runs.find(({ approval }) => approval) ?? { summary: '', by: '' }
  const given = digestGiven(summary)
  if (given === undefined) throw withoutDigest(summary)
  if (!namesDigest(given, digest)) throw otherDigest(given, digest)
  if (settings.SEPARATE_APPROVER === 'yes') {
    const apart = twoPeople(packet.source?.pusher ?? '', by)
    if (apart.type !== 'two') throw notTwoPeople(apart, false)
  }
  const { changeSet, hindrances, back } = situation
  const decisive = { ...situation.decisive, wayBack: packet.decisive.wayBack }
  const moved = digestOf(decisive) === digest ? [] : [...whatMoved(packet.decisive, decisive)]
  if (changeSet.id !== packet.changeSet) moved.push('its change set was made anew since it was shown')
  moved.push(...certain(hindrances), ...lostSince(decisive.wayBack, back === undefined ? [] : lookBack(back)))
  if (changeSet.changes.length > 0 && !changeSet.executable)
    moved.push('the change set cannot be executed any more: the stack was updated since it was made')
  if (moved.length > 0) throw movedSince(moved)
  sayUnchecked(`${decisive.newImage.id} can be launched`, hindrances, ports)
  ports.terminal.say(`Nothing moved since ${shortDigest(digest)} was shown.`)
}
