import assert from 'node:assert/strict'
import { pool } from './pool.ts'

describe('a pool of tasks', () => {
  it('runs no more at once than it may, and keeps their order', async () => {
    let running = 0
    let most = 0
    const task = (name: number) => async () => {
      most = Math.max(most, ++running)
      await new Promise((done) => setTimeout(done, 10 - name))
      running -= 1
      return name
    }
    assert.deepEqual(await pool(2, [1, 2, 3, 4, 5].map(task)), [1, 2, 3, 4, 5])
    assert.equal(most, 2)
  })
})
