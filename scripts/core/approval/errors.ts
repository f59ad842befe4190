import { RigletError } from '../errors.ts'
import { shortDigest } from './packet.ts'
import type { Apart } from './person.ts'

export const noApproval = (pipeline: string): RigletError =>
  new RigletError(
    'APPROVAL',
    `${pipeline}: nothing waits for an approval.`,
    '`make status` shows where the pipeline is; `make watch-pipeline` monitors it.',
  )

export const wrongDigest = (given: string, digest: string): RigletError =>
  new RigletError(
    'APPROVAL',
    `DIGEST=${given} does not name what waits for approval, which is ${shortDigest(digest)}.`,
    'Nothing was approved. `make show-approval` shows what waits, and its digest.',
  )

export const damagedPacket = (key: string, cause?: unknown): RigletError =>
  new RigletError(
    'APPROVAL',
    `The approval packet ${key} does not have the digest that it is named by: it was changed after the pipeline wrote it.${
      cause instanceof Error ? `\n${cause.message}` : ''
    }`,
    'Nothing was approved. Reject it (`make reject REASON=...`) and push again.',
    cause,
  )

export const otherPacket = (key: string, format: unknown, expected: number): RigletError =>
  new RigletError(
    'APPROVAL',
    `The approval packet ${key} was written by another version of riglet: its form is ${String(format)}, not ${expected}.`,
    'Approve it with the version that `make status` tells, or plan it anew: make update-pipeline, then make push',
  )

export const missingPacket = (key: string): RigletError =>
  new RigletError(
    'APPROVAL',
    `The approval packet ${key} is not in the artifact bucket.`,
    'Nothing was approved. Reject it (`make reject REASON=...`) and push again.',
  )

export const movedSince = (moved: readonly string[]): RigletError =>
  new RigletError(
    'APPROVAL',
    `What was shown for approval is not what would happen now:\n${moved.map((line) => `  - ${line}`).join('\n')}`,
    'Production was not touched. Where the approval still waits, reject it (`make reject REASON=...`). Then push again, or\n' +
      'retry the pipeline (`make retry-pipeline`): a new change set will be shown.',
  )

export const withoutDigest = (summary: string): RigletError =>
  new RigletError(
    'APPROVAL',
    `Whoever approved named no digest${summary === '' ? '' : ` ("${summary.slice(0, 80)}")`}: what was approved cannot be told.`,
    'Production was not touched. `make retry-pipeline` plans and asks again; approve with `make approve DIGEST=...`, or in\n' +
      'the console with the digest in the comment.',
  )

export const otherDigest = (given: string, digest: string): RigletError =>
  new RigletError(
    'APPROVAL',
    `Approved was ${given}, but what waits is ${shortDigest(digest)}.`,
    'Production was not touched. `make retry-pipeline` plans and asks again; `make show-approval` shows what waits.',
  )

export const notTheApproved = (stack: string, was: string | undefined, wants: string): RigletError =>
  new RigletError(
    'APPROVAL',
    `${stack} was changed by another change set than the one that was approved: ${was ?? 'none'}, not ${wants}.`,
    'Somebody took its place between guard and execution. Look who made it (CloudTrail), and what runs: make drift\n' +
      'To go back, also in what is no image: make update-app ENV=production IMAGE=...',
  )

export const answered = (why: string, cause?: unknown): RigletError =>
  new RigletError('APPROVAL', `The approval is over: ${why}`, '`make status` shows where the pipeline is.', cause)

export const noChangeSet = (stack: string, name: string): RigletError =>
  new RigletError(
    'CHANGE_SET',
    `${stack} has no change set ${name}.`,
    'The pipeline makes it just before; retry the whole stage: `make retry-pipeline`.',
  )

export const imageGone = (id: string): RigletError =>
  new RigletError(
    'IMAGE',
    `The image ${id} does not exist any more, or is not shared with this account.`,
    'Push again: a new image will be baked.',
  )

/** `faults`: each what was asked, and what was seen. */
export const noWayBack = (stack: string, image: string, faults: readonly string[]): RigletError =>
  new RigletError(
    'APPROVAL',
    `The way back to ${image}, which ${stack} runs, is not proved, and REQUIRE_WAY_BACK is set:\n${faults.map((why) => `  - ${why}`).join('\n')}`,
    'Nobody was asked, and production was not touched. Mend it, then `make retry-pipeline`. To go forward all the same:\n' +
      'REQUIRE_WAY_BACK=no make update-pipeline, then push, or retry.',
  )

/** `mine`: whoever approves now; otherwise somebody has approved already. */
export const notTwoPeople = (apart: Exclude<Apart, { type: 'two' }>, mine: boolean): RigletError =>
  new RigletError(
    'APPROVAL',
    apart.type === 'one'
      ? `${apart.name} pushed this, and somebody else has to approve it: SEPARATE_APPROVER is set.`
      : `Whether somebody else pushed this cannot be told, and has to be: SEPARATE_APPROVER is set, and ${apart.why}.`,
    `${mine ? 'Nothing was approved.' : 'Production was not touched. `make retry-pipeline` plans and asks again.'} Somebody else approves${
      apart.type === 'one'
        ? ''
        : ', under a name: a user of IAM, IAM Identity Center, or role_session_name in the profile'
    }.`,
  )
