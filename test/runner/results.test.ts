import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { toKeep, type Suite } from './results.ts'

const ran: Suite = { name: 'unit', results: [{ title: 'a', state: 'passed', seconds: 0 }] }
const empty: Suite = { name: 'contract python', results: [] }

describe('the results that are kept', () => {
  it('are those of suites that ran', () => assert.deepEqual(toKeep([ran, empty], undefined), [ran]))

  it('are not those of a part of a suite: what the whole proved before stands', () =>
    assert.deepEqual(toKeep([ran, empty], 'words'), []))
})
