import assert from 'node:assert/strict'
import { changeSetName, isAbandoned } from '../../../scripts/core/stack/change-set-name.ts'

describe("a change set's name", () => {
  const asked = new Date('2026-01-31T23:59:59.123Z')
  const name = changeSetName('0123456789abcdef', asked)

  it('says what is desired and when it was asked for', () => {
    assert.equal(name, 'riglet-0123456789ab-20260131T235959123Z')
  })

  it('is another one within the same second, when the one before may have been executed already', () => {
    const next = new Date(asked.getTime() + 1)
    assert.notEqual(changeSetName('0123456789abcdef', next), name)
  })

  it('tells after an hour that nobody waits for it any more', () => {
    assert.equal(isAbandoned(name, new Date('2026-02-01T00:59:00Z')), false)
    assert.equal(isAbandoned(name, new Date('2026-02-01T01:00:00Z')), true)
  })

  it("tells nothing of somebody else's", () => {
    for (const other of ['pipeline', 'riglet-x', 'riglet-0123456789ab-20260131', `${name}-copy`])
      assert.equal(isAbandoned(other, new Date('2030-01-01T00:00:00Z')), false, other)
  })
})
