import assert from 'node:assert/strict'
import { isEmpty } from '../../../scripts/core/riglet/inventory.ts'

describe('inventory', () => {
  it('is empty only when nothing at all is there', () => {
    const nothing = { region: 'r', stacks: [], images: [], snapshots: [], instances: [], buckets: [], parameters: [] }
    assert.equal(isEmpty(nothing), true)
    assert.equal(isEmpty({ ...nothing, snapshots: ['snap-1'] }), false)
  })
})
