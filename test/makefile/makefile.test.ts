import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { settingRules } from '../../scripts/core/settings.ts'

const makefile = readFileSync('Makefile', 'utf8')
const targets = [...makefile.matchAll(/^([a-z][a-z-]*):(?!=)(.*)$/gm)].map(([, name, rest]) => ({
  name: name!,
  rest: rest!,
}))

const make = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { ENV: _env, MAKEFLAGS: _flags, MAKELEVEL: _level, ...rest } = process.env
  return spawnSync('make', [...args], { encoding: 'utf8', env: { ...rest, ...env } })
}

describe('the Makefile', () => {
  it('documents every public target (R65)', () => {
    assert.ok(targets.length > 40)
    assert.deepEqual(
      targets.filter(({ rest }) => !/ ## \S/.test(rest)).map(({ name }) => name),
      [],
    )
  })

  it('declares every target phony, so that a file of that name changes nothing', () => {
    assert.deepEqual(
      targets.filter(({ name }) => !makefile.includes(`.PHONY: ${name}\n`)).map(({ name }) => name),
      [],
    )
  })

  it('lists them all with their sections by default (R65)', () => {
    const { stdout, status } = make([])
    assert.equal(status, 0)
    for (const { name } of targets) assert.match(stdout, new RegExp(`^  ${name} +\\S`, 'm'))
    for (const [, section] of makefile.matchAll(/^##@ (.*)$/gm)) assert.match(stdout, new RegExp(`^${section}$`, 'm'))
  })

  it('has the same verbs for environments, pipelines and apps', () => {
    for (const noun of ['environment', 'pipeline', 'app']) {
      for (const verb of ['create', 'update', 'plan', 'status', 'outputs', 'delete']) {
        assert.ok(
          targets.some(({ name }) => name === `${verb}-${noun}`),
          `${verb}-${noun}`,
        )
      }
    }
  })

  it('keeps every recipe to one line that calls a script', () => {
    for (const [, name, recipe] of makefile.matchAll(/^([a-z][a-z-]*):.*\n((?:\t.*\n)+)/gm)) {
      assert.equal(recipe!.trimEnd().split('\n').length, 1, name)
    }
  })

  it('names a missing variable with an example and runs nothing', () => {
    const { stderr, stdout, status } = make(['update-environment'])
    assert.notEqual(status, 0)
    assert.match(stderr, /ENV is missing\. Example: make update-environment ENV=integration/)
    assert.equal(stdout, '')
  })

  it('hands over every setting that a script knows', () => {
    const inputs = /^INPUTS := ((?:.*\\\n)*.*)$/m.exec(makefile)![1]!.split(/[\s\\]+/)
    assert.deepEqual(
      Object.keys(settingRules).filter((name) => !inputs.includes(name)),
      [],
    )
  })

  describe('hands over values as they were typed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'riglet-make-'))
    const trap = join(folder, 'trap')
    const copy = join(folder, 'Makefile')
    // The real head of the Makefile, with a target that prints what a script would find in its environment.
    writeFileSync(copy, `${makefile.split('##@')[0]}\nshow:\n\t@printenv REASON\n`)
    after(() => rmSync(folder, { recursive: true }))

    const values = {
      spaces: 'too late on a Friday',
      quotes: `it's "late"`,
      'a shell command': `$(touch ${trap})`,
      'back quotes': '`touch ' + trap + '`',
      "make's own call": `$(shell touch ${trap})`,
      'a variable': '$HOME $(HOME) $$HOME',
      'a separator': `; touch ${trap} #`,
    }
    for (const [what, value] of Object.entries(values)) {
      it(`with ${what} on the command line`, () => {
        // make itself reads $$ on its command line as one $ only when it expands a value, which must not happen.
        const out = execFileSync('make', ['-f', copy, 'show', `REASON=${value}`], { encoding: 'utf8' })
        assert.equal(out, `${value}\n`)
        assert.equal(existsSync(trap), false)
      })
      it(`with ${what} from the environment`, () => {
        assert.equal(make(['-f', copy, 'show'], { REASON: value }).stdout, `${value}\n`)
        assert.equal(existsSync(trap), false)
      })
    }
  })
})
