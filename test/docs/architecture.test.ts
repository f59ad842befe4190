import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { may } from '../../setup/walls.js'

const page = readFileSync('docs/architecture.md', 'utf8')
/** The lines of the first block below a heading. */
const block = (heading: string): readonly string[] =>
  page.split(`## ${heading}\n`)[1]!.split('```')[1]!.trim().split('\n')

describe('docs/architecture.md', () => {
  const folders = block('Folders').map((line) => line.split(/\s/)[0]!)

  it('says in a line each what every folder of scripts/ is for, and names none that is not there', () => {
    const there = new Set(globSync('scripts/**/*.ts').map((path) => `${dirname(path)}/`))
    const named = folders.filter((folder) => folder.startsWith('scripts/'))
    assert.deepEqual(
      [...there].filter((folder) => !named.includes(folder)),
      [],
    )
    assert.deepEqual(
      folders.filter((folder) => !existsSync(folder)),
      [],
    )
    for (const line of block('Folders')) assert.match(line, /^[a-z/]+\/ +\S/)
  })

  it('draws the arrows that the lint rule holds', () => {
    const drawn = block('Arrows').map((line) => {
      const [from, to] = line.split(/\s*->\s*/)
      return [from!, to!.split(' ').sort()] as const
    })
    const held = Object.entries(may).map(([from, to]) => [from, to.toSorted()])
    assert.deepEqual(Object.fromEntries(drawn), Object.fromEntries(held))
  })

  it('tells the way of a plan by files that are there', () => {
    const way = [...page.matchAll(/\*\*(scripts\/[\w/-]+\.ts)\*\*/g)].map(([, path]) => path!)
    assert.ok(way.length > 5)
    assert.deepEqual(
      way.filter((path) => !existsSync(path)),
      [],
    )
  })
})
