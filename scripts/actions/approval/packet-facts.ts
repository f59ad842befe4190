import { sha256 } from '../../core/canonical.ts'
import { imageGone, noChangeSet } from '../../core/approval/errors.ts'
import type { Decisive, PacketImage } from '../../core/approval/packet.ts'
import type { Hindrance } from '../../core/image/launch.ts'
import type { ChangeSetFacts } from '../../core/ports/inspection.ts'
import type { GroupFacts } from '../../core/ports/fleet.ts'
import { imageRevoked } from '../../core/revocation/errors.ts'
import { revocationOf } from '../../core/revocation/revocation.ts'
import type { Marks } from '../../core/stack/owner.ts'
import { exists, type StackState } from '../../core/stack/state.ts'
import { findOurs } from '../../engine/own-stacks.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { lookAtGroups, type LookPorts } from '../image/look-at-groups.ts'
import type { Looked } from '../image/look-at-images.ts'

export type Situation = {
  /** What is deployed; undefined before the first time. */
  readonly deployed: StackState | undefined
  readonly decisive: Decisive
  readonly changeSet: ChangeSetFacts
  readonly group: GroupFacts | undefined
  /** Why production could not be rolled out to the new image as things stand (B25). */
  readonly hindrances: readonly Hindrance[]
  /** Why it could not go back to what runs now. */
  readonly noWayBack: readonly string[]
}

/**
 * The state that an approval is about, read now: what is deployed, what the change set would do, both images.
 * @throws RigletError CHANGE_SET | IMAGE | STACK_TAKEN
 */
export async function readSituation(
  stack: string,
  whose: Marks,
  changeSetName: string,
  ports: Pick<Ports, 'stacks' | 'inspection'> & LookPorts,
): Promise<Situation> {
  const [state, changeSet] = await Promise.all([
    findOurs(stack, whose, ports),
    ports.inspection.changeSet(stack, changeSetName),
  ])
  if (changeSet === undefined) throw noChangeSet(stack, changeSetName)
  const deployed = exists(state) ? state : undefined
  const newId = changeSet.parameters['ImageId'] ?? ''
  const oldId = deployed?.parameters['ImageId']
  const [template, { groupOf, images }] = await Promise.all([
    deployed === undefined ? undefined : ports.inspection.template(stack),
    lookAtGroups(deployed === undefined ? [] : [deployed], ports, { more: [newId], strict: true }),
  ])
  const newImage = packetImage(newId, images)
  if (newImage === null) throw imageGone(newId)
  const revocation = revocationOf(images.factsOf(newId)?.tags ?? {})
  if (revocation !== undefined)
    throw imageRevoked(
      newId,
      revocation,
      'Reject it if it still waits (`make reject REASON=...`), and push a mended commit.',
    )
  const decisive: Decisive = {
    stack,
    deployedTemplate: template === undefined ? '' : sha256(template),
    deployedParameters: deployed?.parameters ?? {},
    desiredTemplate: sha256(changeSet.template),
    desiredParameters: changeSet.parameters,
    oldImage: oldId === undefined ? null : (packetImage(oldId, images) ?? gone(oldId)),
    newImage,
    changes: changeSet.changes,
  }
  const running = groupOf(stack)
  return {
    deployed,
    decisive,
    changeSet,
    group: running.facts,
    hindrances: [...images.hindrancesOf(newId), ...running.lost],
    noWayBack: running.hindrances.map(({ type, why }) => (type === 'cannot' ? why : `not checked: ${why}`)),
  }
}

function packetImage(id: string, { factsOf }: Looked): PacketImage | null {
  const found = factsOf(id)
  if (found === undefined) return null
  const tag = (name: string): string => found.tags[name] ?? ''
  return { id, state: found.state, version: tag('Version'), commit: tag('Commit'), inputs: tag('Inputs') }
}

const gone = (id: string): PacketImage => ({ id, state: 'gone', version: '', commit: '', inputs: '' })
