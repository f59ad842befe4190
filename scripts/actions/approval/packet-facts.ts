import { sha256 } from '../../core/approval/canonical.ts'
import { imageGone, noChangeSet } from '../../core/approval/catalogue.ts'
import type { Decisive, PacketImage } from '../../core/approval/packet.ts'
import type { ImageFacts } from '../../core/image-facts.ts'
import type { ChangeSetFacts } from '../../core/pipeline/ports.ts'
import type { Marks } from '../../core/stack/owner.ts'
import { exists } from '../../core/stack/state.ts'
import { refuseStranger } from '../stack/refuse-stranger.ts'
import type { Ports } from '../../core/ports.ts'

export type Situation = {
  readonly decisive: Decisive
  readonly changeSet: ChangeSetFacts
  readonly group: string | undefined
}

/**
 * The state that an approval is about, read now: what is deployed, what the change set would do, both images.
 * @throws RigletError CHANGE_SET | IMAGE | STACK_TAKEN
 */
export async function readSituation(
  stack: string,
  whose: Marks,
  changeSetName: string,
  ports: Pick<Ports, 'stacks' | 'inspection' | 'images'>,
): Promise<Situation> {
  const [state, changeSet] = await Promise.all([
    ports.stacks.find(stack),
    ports.inspection.changeSet(stack, changeSetName),
  ])
  refuseStranger(stack, whose, state)
  if (changeSet === undefined) throw noChangeSet(stack, changeSetName)
  const deployed = exists(state) ? state : undefined
  const newId = changeSet.parameters['ImageId'] ?? ''
  const oldId = deployed?.parameters['ImageId']
  const [template, facts] = await Promise.all([
    deployed === undefined ? undefined : ports.inspection.template(stack),
    ports.images.describe([...new Set([newId, oldId].filter((id): id is string => Boolean(id)))]),
  ])
  const newImage = packetImage(newId, facts)
  if (newImage === null) throw imageGone(newId)
  const decisive: Decisive = {
    stack,
    deployedTemplate: template === undefined ? '' : sha256(template),
    deployedParameters: deployed?.parameters ?? {},
    wantedTemplate: sha256(changeSet.template),
    wantedParameters: changeSet.parameters,
    oldImage: oldId === undefined ? null : (packetImage(oldId, facts) ?? gone(oldId)),
    newImage,
    changes: changeSet.changes,
  }
  return { decisive, changeSet, group: deployed?.outputs['GroupName'] }
}

function packetImage(id: string, facts: readonly ImageFacts[]): PacketImage | null {
  const found = facts.find((image) => image.id === id)
  if (found === undefined) return null
  const tag = (name: string): string => found.tags[name] ?? ''
  return { id, state: found.state, version: tag('Version'), commit: tag('Commit'), inputs: tag('Inputs') }
}

const gone = (id: string): PacketImage => ({ id, state: 'gone', version: '', commit: '', inputs: '' })
