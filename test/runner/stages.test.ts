import assert from 'node:assert/strict'
import { glob } from 'node:fs/promises'
import { describe, it } from 'mocha'
import { longestFirst, seconds } from './order.ts'
import { stages, suitesOf, type Named } from './stages.ts'

const silent = { all: () => undefined, failures: () => undefined, line: () => undefined }
const all = async (): Promise<readonly Named[]> =>
  (await Promise.all(stages.map((stage) => suitesOf(stage, silent, {})))).flat()

describe('the suites of tests', () => {
  it('have each file of tests in one of them, and in no second one', async () => {
    const listed = (await all()).flatMap(({ files }) => files).filter((file) => file.endsWith('.test.ts'))
    const there = await Array.fromAsync(
      glob(['test/**/*.test.ts', 'rehearsal/contract/**/*.test.ts'], { exclude: ['**/node_modules/**'] }),
    )
    assert.deepEqual(listed.toSorted(), there.sort())
  })

  it('have each folder of the rehearsal’s tests in one part, and in no second one', async () => {
    const listed = (await suitesOf('parts', silent, {}))
      .flatMap(({ files }) => files)
      .filter((file) => !file.endsWith('.ts'))
    const files = await Array.fromAsync(glob('rehearsal/tests/**/test_*.py'))
    const folders = [...new Set(files.map((file) => file.split('/').slice(0, 3).join('/')))]
    assert.deepEqual(listed.toSorted(), folders.sort())
  })

  it('have names of their own, and are the ones that the order knows', async () => {
    const names = (await all()).map(({ name }) => name)
    assert.equal(new Set(names).size, names.length)
    for (const name of Object.keys(seconds)) assert.ok(names.includes(name), name)
  })

  it('begin with the longest, and with one that nobody has measured before all', () => {
    const named = ['clean set-up', 'journey 2-loop', 'a new one'].map((name) => ({ name }))
    assert.deepEqual(
      longestFirst(named).map(({ name }) => name),
      ['a new one', 'journey 2-loop', 'clean set-up'],
    )
  })
})
