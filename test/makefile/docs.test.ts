import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'

const targets = [...readFileSync('Makefile', 'utf8').matchAll(/^([a-z][a-z-]*):(?!=)/gm)].map(([, name]) => name!)
const variables = /^INPUTS := ((?:.*\\\n)*.*)$/m.exec(readFileSync('Makefile', 'utf8'))![1]!.split(/[\s\\]+/)
// The list of capabilities tells wishes, too.
const pages = ['README.md', '.make.example', ...globSync('docs/**/*.md')].filter(
  (page) => !page.endsWith('capabilities.md'),
)

/** Commands that stand in code: `make target NAME=value ...`, by themselves or at the head of a line. */
const commands = (text: string): readonly string[] =>
  [...text.matchAll(/(?:`|^(?:\$ )?)(?:[A-Z_]+=\S+ )*(make(?: [^`\n#|]+)?)/gm)].map(([, command]) => command!.trim())

describe('the documentation', () => {
  for (const page of pages) {
    it(`names only targets and variables that exist in ${page}`, () => {
      for (const command of commands(readFileSync(page, 'utf8'))) {
        const words = command.split(/\s+/).slice(1)
        const [target] = words.filter((word) => /^[a-z][a-z-]*$/.test(word))
        if (target !== undefined) assert.ok(targets.includes(target), command)
        for (const [, name] of command.matchAll(/\s([A-Z_]+)=/g)) assert.ok(variables.includes(name!), command)
      }
    })
  }

  it('names only targets that the rehearsal has in its own README', () => {
    const own = [...readFileSync('rehearsal/Makefile', 'utf8').matchAll(/^([a-z][a-z-]*):(?!=)/gm)].map(
      ([, name]) => name,
    )
    const named = commands(readFileSync('rehearsal/README.md', 'utf8')).map((command) => command.split(/\s+/)[1]!)
    assert.ok(named.length > 10)
    for (const target of named) assert.ok(own.includes(target), target)
  })

  it('names the two commands that a newcomer needs in the README', () => {
    const readme = commands(readFileSync('README.md', 'utf8'))
    assert.ok(readme.includes('make demo') && readme.includes('make test'))
  })
})
