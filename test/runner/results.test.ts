import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { failedFiles, toKeep, triedAgain, unstable, type Result, type Suite } from './results.ts'

const ran: Suite = { name: 'unit', results: [{ title: 'a', state: 'passed', seconds: 0 }] }
const empty: Suite = { name: 'contract python', results: [] }

describe('the results that are kept', () => {
  it('are those of suites that ran', () => assert.deepEqual(toKeep([ran, empty], undefined), [ran]))

  it('are not those of a part of a suite: what the whole proved before stands', () =>
    assert.deepEqual(toKeep([ran, empty], 'words'), []))
})

describe('a second try', () => {
  const at = (file: string | undefined, title: string, state: Result['state']): Result => ({
    ...(file === undefined ? {} : { file }),
    title,
    state,
    seconds: 0,
  })
  const before: Suite = {
    name: 'contract',
    results: [at('a.ts', 'one', 'passed'), at('b.ts', 'two', 'failed'), at('b.ts', 'three', 'failed')],
  }

  it('is about the files that had failures, each once', () => assert.deepEqual(failedFiles(before), ['b.ts']))

  it('is about the whole suite where what failed is no file of it', () =>
    assert.equal(
      failedFiles({ ...before, results: [...before.results, at(undefined, 'killed', 'failed')] }),
      undefined,
    ))

  const again: Suite = { name: 'contract', results: [at('b.ts', 'two', 'passed'), at('b.ts', 'three', 'failed')] }

  it('takes the place of what it tried, and lets the rest stand', () => {
    assert.deepEqual(triedAgain(before, again, ['b.ts']).results, [before.results[0], ...again.results])
    assert.deepEqual(triedAgain(before, again, undefined).results, again.results)
  })

  it('names what failed before and passes now', () => assert.deepEqual(unstable([before], [again]), ['two']))
})
