import assert from 'node:assert/strict'
import { digestOf } from '../../../../scripts/core/stack/decide/digest.ts'

const stack = { template: 'Resources: {}', parameters: { A: '1', B: '2' }, tags: { Owner: 'acme' } }

describe('digest', () => {
  it('is the same whatever the order of parameters and tags', () => {
    assert.equal(digestOf({ ...stack, parameters: { B: '2', A: '1' } }), digestOf(stack))
  })
  it('differs with template, parameters and tags alike', () => {
    const others = [
      { ...stack, template: 'Resources: { }' },
      { ...stack, parameters: { A: '1', B: '3' } },
      { ...stack, tags: { Owner: 'zeta' } },
      { ...stack, parameters: { A: '1' }, tags: { B: '2', Owner: 'acme' } },
    ]
    assert.equal(new Set([stack, ...others].map(digestOf)).size, 5)
  })
  it('fits the parameter that keeps it', () => {
    assert.match(digestOf(stack), /^[0-9a-f]{32}$/)
  })
})
