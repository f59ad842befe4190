import { nameIn } from '../approval/person.ts'
import { minute } from '../approval/freeze.ts'
import { readJson, withTexts } from '../json.ts'
import type { StackState } from '../stack/state.ts'

/** That a person took an app back to an earlier image: as it is kept (decision 0019). Empty: not known. */
export type Rollback = {
  /** The stack's id: one of the same name that is made later is another one. */
  readonly stackId: string
  /** What it was taken back to. */
  readonly image: string
  /** What ran before that. */
  readonly from: string
  readonly fromVersion: string
  readonly fromCommit: string
  readonly reason: string
  /** ARN of who did it. */
  readonly by: string
  readonly at: string
}

const shape = withTexts('stackId', 'image', 'from', 'fromVersion', 'fromCommit', 'reason', 'by', 'at')

/** @throws RigletError FILE for what is no such record */
export const readRollback = async (place: string, text: string | undefined): Promise<Rollback | undefined> =>
  text === undefined ? undefined : readJson(place, text, shape)

/**
 * Whether an app is where it was taken back to: it runs that image still, and no execution of the pipeline has passed
 * there since. What is kept of an earlier roll-back says nothing any more.
 */
export const stillHolds = (
  rollback: Rollback,
  { id, parameters }: Pick<StackState, 'id' | 'parameters'>,
  passed?: number,
): boolean =>
  rollback.stackId === id &&
  rollback.image === parameters['ImageId'] &&
  (passed === undefined || passed < Date.parse(rollback.at))

/** `from ami-2 (2.0.0, 9f3c2e1) by ann, 2026-01-31T12:00Z: prices are wrong`. */
export function rollbackWords({ from, fromVersion, fromCommit, reason, by, at }: Rollback): string {
  const known = [fromVersion, fromCommit.slice(0, 7)].filter((word) => word !== '' && word !== 'unknown')
  return [
    `from ${from}`,
    known.length === 0 ? '' : ` (${known.join(', ')})`,
    ` by ${nameIn(by)}, ${minute(at)}`,
    reason === '' ? '' : `: ${reason}`,
  ].join('')
}

/** What it means for a roll-back that another image is rolled out; empty where there is none, or it stays. */
export const endsRollback = (
  rollback: Rollback | undefined,
  deployed: Pick<StackState, 'id' | 'parameters'>,
  wanted: string,
): string =>
  rollback === undefined || wanted === rollback.image || !stillHolds(rollback, deployed)
    ? ''
    : `${rollbackWords(rollback)}. This ${wanted === rollback.from ? `puts ${wanted} back` : 'ends that'}.`
