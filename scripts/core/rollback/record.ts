import { nameIn } from '../approval/person.ts'
import { minute } from '../approval/freeze.ts'
import { isRigletError } from '../errors.ts'
import { readJson, withTexts } from '../json.ts'
import type { Environment } from '../names.ts'
import type { StackState } from '../stack/state.ts'

/** That a person took an app back to an earlier image: as it is kept (decision 0020). Empty: not known. */
export type Rollback = {
  /** The stack's id: one of the same name that is made later is another one. */
  readonly stackId: string
  /** What it was taken back to. `version`: of that; the first of these records have none. */
  readonly image: string
  readonly version?: string
  /** What ran before that. */
  readonly from: string
  readonly fromVersion: string
  readonly fromCommit: string
  readonly reason: string
  /** ARN of who did it. */
  readonly by: string
  readonly at: string
}

/** One as it is told among the executions of its pipeline. */
export type PastRollback = Omit<Rollback, 'stackId'> & { readonly environment: Environment }

/** The roll-back that an app is in, or why nobody can tell; neither where it is in none. */
export type RollbackLook = { readonly rollback?: Rollback; readonly unchecked?: string }

/** What is said where nobody can tell. */
export const doubt = (why: string): string => `whether it was taken back: ${why}`

const shape = withTexts('stackId', 'image', 'from', 'fromVersion', 'fromCommit', 'reason', 'by', 'at')

/** What was kept; what cannot be read is doubted, and hides nothing else. */
export async function readRollback(place: string, text: string | undefined): Promise<RollbackLook> {
  if (text === undefined) return {}
  try {
    return { rollback: await readJson(place, text, shape) }
  } catch (error) {
    if (isRigletError(error, 'FILE')) return { unchecked: doubt(error.message) }
    throw error
  }
}

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
  desired: string,
): string =>
  rollback === undefined || desired === rollback.image || !stillHolds(rollback, deployed)
    ? ''
    : `${rollbackWords(rollback)}. This ${desired === rollback.from ? `puts ${desired} back` : 'ends that'}.`
