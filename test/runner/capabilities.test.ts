import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { capabilities, cited, standing } from './capabilities.ts'
import type { Result, Suite } from './results.ts'
import { verdict } from './results.ts'

const suite = (...results: readonly Result[]): readonly Suite[] => [{ name: 'one', results }]
const test = (title: string, state: Result['state']): Result => ({ title, state, seconds: 0 })
const list = [
  { id: 'R45', text: 'Production never changes without approval' },
  { id: 'B21', text: 'A roll-out loses no request' },
]

describe('make requirements', () => {
  it('reads every capability of the list once', () => {
    const ids = capabilities(readFileSync('docs/capabilities.md', 'utf8')).map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
    assert.ok(ids.length > 160, String(ids.length))
  })

  it('finds ids in a title, also several', () => {
    assert.deepEqual(cited('asks first (R45, B21)'), ['R45', 'B21'])
    assert.deepEqual(cited('boots a C1234 and XR45'), [])
  })

  it('calls a capability proved when passing tests cite it', () => {
    const state = standing(list, suite(test('asks first (R45)', 'passed')))
    assert.deepEqual(
      state.map(({ proofs }) => proofs),
      [['asks first (R45)'], []],
    )
  })

  it('calls it open while one test that cites it fails', () => {
    const state = standing(list, suite(test('asks (R45)', 'passed'), test('refuses (R45)', 'failed')))
    assert.deepEqual(state[0]!.proofs, [])
  })
})

describe("the test run's verdict", () => {
  it('counts over all suites in the form that a reader greps for', () => {
    const suites = [...suite(test('a', 'passed'), test('b', 'failed')), ...suite(test('c', 'passed'))]
    assert.deepEqual(verdict(suites), { line: '2 passed, 1 failed', ok: false })
  })

  it('is no success when nothing ran', () => {
    assert.deepEqual(verdict([]), { line: '0 passed, 0 failed', ok: false })
  })
})
