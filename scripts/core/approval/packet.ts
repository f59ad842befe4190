import type { PackageDifference } from '../packages/difference.ts'
import type { ResourceChange } from '../stack/plan.ts'
import type { Pushed } from '../source/pushed.ts'
import { canonicalJson, sha256 } from '../canonical.ts'
import type { WayBack } from './way-back.ts'

/** Hex digits of a digest that a person is shown and types. */
export const DIGEST_LENGTH = 16

/** An image as approver and guard see it. */
export type PacketImage = {
  readonly id: string
  readonly state: string
  readonly version: string
  readonly commit: string
  readonly inputs: string
}

/**
 * What an approval is about: state, not history. The same state gives the same digest, so a person approves what
 * will be done, and the guard can compute it anew but for one part: no time, no change-set id, no instance id is in here.
 */
export type Decisive = {
  readonly stack: string
  /** SHA-256 of the template in force; empty before the first deployment. */
  readonly deployedTemplate: string
  readonly deployedParameters: Readonly<Record<string, string>>
  /** SHA-256 of the change set's template. */
  readonly desiredTemplate: string
  readonly desiredParameters: Readonly<Record<string, string>>
  readonly oldImage: PacketImage | null
  readonly newImage: PacketImage
  readonly changes: readonly ResourceChange[]
  /**
   * What trying the way back to the running image showed when the packet was made; null: nothing runs yet. Nobody
   * computes this part anew: who approves may not launch anything. What can be seen of it is looked at once more.
   */
  readonly wayBack: WayBack | null
}

/** 1 had our own words for some of it, 2 no way back that was tried. */
export const packetFormat = 3

/** All that an approver is shown: the decisive part, and what helps to decide. */
export type Packet = {
  /** Of its decisive part: another form of that has other digests for the same state. */
  readonly format: typeof packetFormat
  readonly environment: string
  readonly execution: string
  readonly changeSet: string
  readonly decisive: Decisive
  readonly packages: PackageDifference | null
  readonly instances: readonly string[]
  /** What was pushed, and by whom, as the push said; null by hand. */
  readonly source: Pushed | null
  /** Which control judged: the key that it was released under. */
  readonly control: string
  /** Until when nothing may be approved, and why; empty: it may. */
  readonly frozen?: string
  /** That production was taken back from another image, and what this does to that; empty: it was not. */
  readonly takenBack?: string
  /** Whether somebody else than who pushed has to approve. */
  readonly separate?: boolean
  /** What Verify says of the candidate, in its words: `12 passed, 0 failed`. */
  readonly tests: string
  /** What could not be asked about launching from the new image. */
  readonly unchecked?: readonly string[]
}

/** The digest that names what is approved: SHA-256 over the canonical JSON of the decisive part, in hex. */
export const digestOf = (decisive: Decisive): string => sha256(canonicalJson(decisive))

/** The part of a digest that is shown and typed. */
export const shortDigest = (digest: string): string => digest.slice(0, DIGEST_LENGTH)

/** The words of an approval that its guard takes: they say what was approved. */
export const approvalSummary = (digest: string): string => `digest ${shortDigest(digest)}`

/** The digest in an approval's summary, whoever typed it and wherever. */
export const digestGiven = (summary: string): string | undefined => /\b[0-9a-f]{16,64}\b/i.exec(summary)?.[0]

/** Whether a person's answer names this digest: the shown part, or all of it. */
export function namesDigest(answer: string, digest: string): boolean {
  const given = answer.trim().toLowerCase()
  return given.length >= DIGEST_LENGTH && digest.startsWith(given)
}
