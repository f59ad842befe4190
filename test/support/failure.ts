import assert from 'node:assert/strict'
import type { RigletError } from '../../scripts/core/errors.ts'

/** What a piece of work failed with; it is a failure of the test if it did not. */
export const failureOf = async (work: Promise<unknown>): Promise<RigletError> =>
  work.then(
    () => assert.fail('it succeeded'),
    (error: unknown) => error as RigletError,
  )
