import { sha256 } from '../../core/canonical.ts'
import { imageGone, noChangeSet } from '../../core/approval/errors.ts'
import type { Decisive, PacketImage } from '../../core/approval/packet.ts'
import type { WayBackFacts } from '../../core/approval/way-back.ts'
import type { Hindrance } from '../../core/image/launch.ts'
import type { ChangeSetFacts } from '../../core/ports/inspection.ts'
import type { GroupFacts } from '../../core/ports/fleet.ts'
import { imageRevoked } from '../../core/revocation/errors.ts'
import { revocationOf } from '../../core/revocation/revocation.ts'
import type { Marks } from '../../core/stack/owner.ts'
import { exists, type StackState } from '../../core/stack/state.ts'
import { findOurs } from '../../engine/own-stacks.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { lookAtGroups, type GroupLook, type LookPorts } from '../image/look-at-groups.ts'
import type { Looked } from '../image/look-at-images.ts'

/** What production would be taken back to: the image that it runs now, and what would launch it. */
export type BackTo = WayBackFacts & {
  readonly group: GroupFacts | undefined
  /** What stands in the way of the launch template in force. */
  readonly template: readonly Hindrance[]
}

export type Situation = {
  /** What is deployed; undefined before the first time. */
  readonly deployed: StackState | undefined
  /** All of it that can be read; what the way back was when it was tried comes from the packet. */
  readonly decisive: Omit<Decisive, 'wayBack'>
  readonly changeSet: ChangeSetFacts
  readonly group: GroupFacts | undefined
  /** Why production could not be rolled out to the new image as things stand (B25). */
  readonly hindrances: readonly Hindrance[]
  /** undefined before the first deployment. */
  readonly back: BackTo | undefined
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
  const decisive: Situation['decisive'] = {
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
    back: deployed === undefined ? undefined : backTo(deployed, running, images),
  }
}

function backTo({ id: arn, parameters }: StackState, running: GroupLook, { factsOf, hindrancesOf }: Looked): BackTo {
  const id = running.image ?? parameters['ImageId'] ?? ''
  return {
    id,
    image: factsOf(id),
    hindrances: hindrancesOf(id),
    // arn:aws:cloudformation:REGION:ACCOUNT:stack/...
    account: arn.split(':')[4] ?? '',
    group: running.facts,
    template: running.template,
  }
}

function packetImage(id: string, { factsOf }: Looked): PacketImage | null {
  const found = factsOf(id)
  if (found === undefined) return null
  const tag = (name: string): string => found.tags[name] ?? ''
  return { id, state: found.state, version: tag('Version'), commit: tag('Commit'), inputs: tag('Inputs') }
}

const gone = (id: string): PacketImage => ({ id, state: 'gone', version: '', commit: '', inputs: '' })
