import { damagedPacket, missingPacket, otherPacket } from '../../core/approval/errors.ts'
import { digestOf, packetFormat, type Packet } from '../../core/approval/packet.ts'
import { anObject, readJson } from '../../core/json.ts'
import { packetKey } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'

/**
 * The packet that an execution wrote, named by its digest.
 * @throws RigletError APPROVAL when it is missing, does not have that digest any more, or has another version's form
 */
export async function readPacket(
  bucket: string,
  { digest, execution }: { readonly digest: string; readonly execution: string },
  ports: Pick<Ports, 'buckets'>,
): Promise<Packet> {
  const key = packetKey(digest, execution)
  const text = await ports.buckets.get(bucket, key)
  if (text === undefined) throw missingPacket(key)
  const packet = await readJson(key, text, anObject<Packet>('decisive')).catch((error: unknown) => {
    throw damagedPacket(key, error)
  })
  if (digestOf(packet.decisive) !== digest) throw damagedPacket(key)
  if (packet.format !== packetFormat) throw otherPacket(key, packet.format, packetFormat)
  return packet
}
