import assert from 'node:assert/strict'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { ownName } from '../../rehearsal/contract/support/own-name.ts'
import { suitesOf } from './stages.ts'

/** rehearsal/cli.py refuses longer names. */
const longest = 24

describe('the rehearsals that tests start', () => {
  let root: string
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'checkouts-'))
    for (const folder of ['one', 'two']) mkdirSync(join(root, folder))
    symlinkSync(join(root, 'one'), join(root, 'link'))
  })
  after(() => rmSync(root, { recursive: true, force: true }))

  it('have other names in another checkout, so that neither ends the other’s', () => {
    const [one, two] = [ownName('journey-loop', join(root, 'one')), ownName('journey-loop', join(root, 'two'))]
    assert.match(one, /^journey-loop-[0-9a-f]{6}$/)
    assert.match(two, /^journey-loop-[0-9a-f]{6}$/)
    assert.notEqual(one, two)
  })

  it('have the same names each time, whichever way leads to the checkout: what an earlier run left is found', () => {
    assert.equal(ownName('contract', join(root, 'link')), ownName('contract', join(root, 'one')))
    assert.equal(ownName('contract'), ownName('contract', 'rehearsal'))
  })

  it('have names that a rehearsal takes', async () => {
    const texts = globSync(['test/**/*.test.ts', 'bench/*.ts']).map((file) => readFileSync(file, 'utf8'))
    const written = texts.flatMap((text) => [...text.matchAll(/(?:startRehearsal|ownName)\('([^']+)'\)/g)])
    const silent = { all: () => undefined, failures: () => undefined, line: () => undefined }
    const suites = (await suitesOf('contract', silent, {})).map(({ name }) => name.replaceAll(' ', '-'))
    const names = [...written.map(([, name]) => name!), ...suites, 'contract-crash', 'contract-killed']
    for (const name of ['journey-demo', 'journey-loop', 'bench', 'alone']) assert.ok(names.includes(name), name)
    for (const name of names.map((one) => ownName(one)))
      assert.ok(name.length <= longest && /^[a-z0-9-]+$/.test(name), name)
  })
})
