import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mocha } from './mocha.ts'
import type { Result } from './results.ts'

describe('running a file of tests', function () {
  this.timeout(30_000)
  const folder = mkdtempSync(join(tmpdir(), 'riglet-runner-'))
  after(() => rmSync(folder, { recursive: true }))

  const results = async (name: string, body: string, seconds = 20): Promise<readonly Result[]> => {
    const file = join(folder, `${name}.test.ts`)
    writeFileSync(file, body)
    const told: Result[] = []
    said.length = 0
    const suite = await mocha(name, [file], {
      seconds,
      tell: (result) => void told.push(result),
      say: (line) => void said.push(line),
    })
    assert.deepEqual(told, suite.results)
    return suite.results
  }
  const said: string[] = []
  const states = (all: readonly Result[]): readonly string[] => all.map(({ state }) => state)

  it('tells what passed and what failed, with the reason', async () => {
    const all = await results('both', `it('is right', () => {}); it('is wrong', () => { throw new Error('because') })`)
    assert.deepEqual(states(all), ['passed', 'failed'])
    assert.match(all[1]!.error ?? '', /because/)
  })

  const broken: Readonly<Record<string, string>> = {
    'that does not load': `import './nothing-here.ts'`,
    'that ends the process': `it('ends', () => process.exit(0))`,
    'with a test that is switched off': `it.skip('later', () => {}); it('now', () => {})`,
    'whose hook fails': `before(() => { throw new Error('no ground') }); it('never runs', () => {})`,
  }
  for (const [what, body] of Object.entries(broken)) {
    it(`counts one ${what} as failed`, async () => {
      const all = await results(what.replaceAll(' ', '-'), body)
      assert.ok(states(all).includes('failed'))
      if (what === 'that does not load') assert.match(said.join('\n'), /Cannot find module .*nothing-here/)
    })
  }

  it('kills one that hangs, and counts it as failed', async () => {
    const all = await results(
      'hangs',
      `it('hangs', function () { this.timeout(0); return new Promise(() => setInterval(() => {}, 1000)) })`,
      2,
    )
    assert.match(all.at(-1)!.title, /took too long/)
  })
})
