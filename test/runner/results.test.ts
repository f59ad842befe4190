import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { toKeep, withFailures, type Suite } from './results.ts'

const ran: Suite = { name: 'unit', results: [{ title: 'a', state: 'passed', seconds: 0 }] }
const empty: Suite = { name: 'contract python', results: [] }

describe('the results that are kept', () => {
  it('are those of suites that ran', () => assert.deepEqual(toKeep([ran, empty], undefined), [ran]))

  it('tell which suites a second try is about', () => {
    const broken: Suite = { name: 'journey 2', results: [...ran.results, { title: 'b', state: 'failed', seconds: 1 }] }
    assert.deepEqual(withFailures([ran, broken, empty]), ['journey 2'])
  })

  it('are not those of a part of a suite: what the whole proved before stands', () =>
    assert.deepEqual(toKeep([ran, empty], 'words'), []))
})
