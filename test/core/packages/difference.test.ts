import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { packageDifference } from '../../../scripts/core/packages/difference.ts'

describe('package difference', () => {
  it('tells what was added, removed and changed, by name', () =>
    assert.deepEqual(
      packageDifference({ curl: '7', nginx: '1.22', vim: '9' }, { bash: '5', curl: '7', nginx: '1.24' }),
      {
        added: [{ name: 'bash', version: '5' }],
        removed: [{ name: 'vim', version: '9' }],
        changed: [{ name: 'nginx', from: '1.22', to: '1.24' }],
      },
    ))
})
