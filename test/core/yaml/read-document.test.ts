import assert from 'node:assert/strict'
import { readDocument, type Kind } from '../../../scripts/core/yaml/read-document.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'

describe('files of one kind', () => {
  it('share what their schema is made into, and none has the faults of another one', () => {
    let looks = 0
    const schema = {
      type: 'object',
      get properties() {
        looks += 1
        return { size: { type: 'integer' } }
      },
    }
    const kind: Kind<{ readonly size: number }> = {
      ...{ file: 'sizes.yaml', code: 'FILE', schema, apart: () => [], remedy: '' },
      ...{ valueRule: () => ({ pattern: /^\d+$/, words: 'a whole number' }), nameRule: () => undefined },
      title: (path) => path.join('.'),
    }
    assert.deepEqual(readDocument('size: 1', kind), { size: 1 })
    const first = looks
    // Manifests of hundreds of tags are read in one run.
    for (let size = 2; size < 20; size += 1) assert.deepEqual(readDocument(`size: ${size}`, kind), { size })
    assert.equal(looks, first)
    assert.throws(
      () => readDocument('size: large', kind),
      ({ message }: RigletError) => message.includes('sizes.yaml:1:7'),
    )
    assert.deepEqual(readDocument('size: 20', kind), { size: 20 })
  })
})
