import assert from 'node:assert/strict'
import { batchesOf } from '../../scripts/core/batches.ts'

describe('batches', () => {
  for (const [items, batches] of [
    [[], []],
    [[1], [[1]]],
    [[1, 2], [[1, 2]]],
    [
      [1, 2, 3, 4, 5],
      [[1, 2], [3, 4], [5]],
    ],
  ] as const)
    it(`of two make ${JSON.stringify(batches)} of ${JSON.stringify(items)}`, () => {
      assert.deepEqual(batchesOf(items, 2), batches)
    })
})
