import assert from 'node:assert/strict'
import { shortages } from '../../../scripts/core/riglet/quotas.ts'

const need = (used: number, quota?: number) => [{ what: 'VPCs', needed: 3, usage: { used, quota } }]

describe('quotas', () => {
  it('are five where AWS tells nothing', () => {
    assert.deepEqual(shortages(need(2)), [])
    assert.deepEqual(shortages(need(3)), ['3 more VPCs are needed, 3 of 5 are in use'])
  })
  it('are what AWS tells, or what the user was granted', () => {
    assert.deepEqual(shortages(need(4, 20)), [])
    assert.deepEqual(shortages(need(4), 10), [])
    assert.equal(shortages(need(9), 10).length, 1)
  })
})
