import { RigletError } from '../errors.ts'
import { shortDigest } from './packet.ts'

export const noApproval = (pipeline: string): RigletError =>
  new RigletError(
    'APPROVAL',
    `${pipeline}: nothing waits for an approval.`,
    '`make status` shows where the pipeline is; `make watch-pipeline` follows it.',
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
