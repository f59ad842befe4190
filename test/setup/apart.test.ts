import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** Files of this checkout, as they would be committed. */
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  .toString()
  .split('\0')
  .filter((path) => path !== '' && existsSync(path))

const below = (...folders: readonly string[]): readonly string[] =>
  files.filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)))

/** Lines that hold a word that does not belong there. */
const saying = (word: RegExp, paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, index) => (word.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  )

/** What a file of TypeScript or JavaScript imports from the checkout, by its path. */
const importsOf = (path: string): readonly string[] =>
  [...readFileSync(path, 'utf8').matchAll(/(?:from|import\(?)\s*'(\.[^']*)'/g)].map(([, name]) =>
    normalize(join(dirname(path), name!)),
  )
const isCode = (path: string): boolean => /\.[cm]?[jt]s$/.test(path)

const product = [
  ...below('scripts', 'setup', 'cloudformation', 'packer'),
  ...files.filter((path) => /^(?:[a-z-]+\.ts|buildspec.*\.yml|\.make\.example)$/.test(path)),
]

describe('riglet and the rehearsal', () => {
  it('stand apart: nothing of the product names the rehearsal', () => {
    assert.ok(product.length > 150)
    assert.deepEqual(saying(/rehears/i, product), [])
  })

  it('stand apart: nothing of the rehearsal names riglet, or a place outside of it', () => {
    const own = below('rehearsal')
    assert.ok(own.length > 300)
    assert.deepEqual(saying(/riglet/i, own), [])
    const outside = own
      .filter(isCode)
      .flatMap((path) => importsOf(path).flatMap((name) => (name.startsWith('rehearsal/') ? [] : [`${path}: ${name}`])))
    assert.deepEqual(outside, [])
  })

  it('are both known to the demo alone, which nobody imports but its tests', () => {
    const importers = files.filter(isCode).filter((path) => importsOf(path).some((name) => name.startsWith('demo/')))
    assert.deepEqual(
      importers.filter((path) => !/^(?:demo|test)\//.test(path)),
      [],
    )
    assert.ok(importers.includes('demo/demo.ts'))
  })
})
