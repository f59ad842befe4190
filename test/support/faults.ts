import assert from 'node:assert/strict'
import { RigletError } from '../../scripts/core/errors.ts'

/** What a file that people write is refused for: a fault a line, with its place. */
export function faultsIn(read: () => unknown): readonly string[] {
  try {
    read()
  } catch (error) {
    assert.ok(error instanceof RigletError && error.code === 'FILE', String(error))
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
  }
  assert.fail('nothing was refused')
}
