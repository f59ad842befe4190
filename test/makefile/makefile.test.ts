import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { settingRules } from '../../scripts/core/settings/settings.ts'

const makefile = readFileSync('Makefile', 'utf8')
const targets = [...makefile.matchAll(/^([a-z][a-z-]*):(?!=)(.*)$/gm)].map(([, name, rest]) => ({
  name: name!,
  rest: rest!,
}))

const prerequisites = (rest: string): readonly string[] =>
  rest
    .replace(/ ## .*/, '')
    .trim()
    .split(' ')

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

  it('sets up what `make check` alone needs for no other target', () => {
    assert.deepEqual(
      targets.filter(({ rest }) => prerequisites(rest).includes('setup-checkov')).map(({ name }) => name),
      ['check'],
    )
    assert.deepEqual(
      targets.filter(({ rest }) => prerequisites(rest).includes('check')),
      [],
    )
  })

  it('brings Packer only for what bakes, validates or makes a pipeline, and the rest for none of the daily targets', () => {
    const bringing = (part: string): readonly string[] =>
      targets.filter(({ rest }) => prerequisites(rest).includes(part)).map(({ name }) => name)
    assert.deepEqual(bringing('setup-image'), ['nightly', 'build-version', 'bake', 'verify'])
    assert.deepEqual(bringing('setup-build-tools'), [
      'create-riglet',
      'create-pipeline',
      'update-pipeline',
      'create-schedule',
      'update-schedule',
      'create-publication',
      'update-publication',
    ])
    const all = bringing('setup-all')
    assert.deepEqual(
      all.filter((name) => !/^(?:demo|check|format|bench|test(?:-.*)?)$/.test(name)),
      [],
    )
    assert.ok(all.includes('demo') && all.includes('test'))
    for (const name of ['status', 'drift', 'push', 'approve', 'plan-app', 'delete-riglet'])
      assert.ok(bringing('setup').includes(name), name)
  })

  it('fits its help into 80 columns, each example whole on one line', () => {
    const lines = make(['help']).stdout.split('\n')
    assert.deepEqual(
      lines.filter((line) => line.length > 80),
      [],
    )
    const examples = [...makefile.matchAll(/ Example: (make .*)$/gm)].map(([, example]) => example!)
    assert.ok(examples.length > 5)
    for (const example of examples)
      assert.ok(
        lines.some((line) => line.endsWith(` Example: ${example}`) || line.trim() === example),
        example,
      )
  })

  describe('refuses what lacks a setting', () => {
    const folder = mkdtempSync(join(tmpdir(), 'riglet-need-'))
    for (const name of ['Makefile', 'setup']) symlinkSync(resolve(name), join(folder, name))
    after(() => rmSync(folder, { recursive: true }))
    const blank = Object.fromEntries(
      ['OWNER', 'PROJECT', 'REGION', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'REPO', 'BRANCH', 'ENV'].map((name) => [
        name,
        '',
      ]),
    )
    const call = (target: string, file: string, env: Readonly<Record<string, string>> = {}) => {
      writeFileSync(join(folder, '.make'), file)
      return make(['--no-print-directory', '-C', folder, target], { ...blank, ...env })
    }
    const complete = 'OWNER=acme\nPROJECT=shop\nREGION=us-east-1\n'

    it('and names it with an example, before anything is set up', () => {
      const { stderr, stdout, status } = call('update-environment', complete)
      assert.equal(status, 2)
      assert.match(stderr, /^ENV is missing\. Example: make update-environment ENV=integration$/m)
      assert.equal(stdout, '')
      assert.equal(existsSync(join(folder, '.state')), false)
    })

    it('and names all at once, with one command that has them all', () => {
      const { stderr } = call('create-pipeline', 'REGION=us-east-1\nPROJECT=\n', { REPO: 'web' })
      assert.match(stderr, /^OWNER, PROJECT and BRANCH are missing\. Example:$/m)
      assert.match(stderr, /^ {2}make create-pipeline OWNER=acme PROJECT=shop REPO=web BRANCH=main$/m)
      assert.match(stderr, /\.make\.example/)
    })

    for (const [what, file, env] of [
      ['in .make with spaces and :=', `${complete}REPO := shop\n  BRANCH = main\r\n`, {}],
      ['in .make with quotes', `${complete}REPO="shop"\nBRANCH='main'\n`, {}],
      ['in the environment', '', { OWNER: 'a', PROJECT: 'b', AWS_REGION: 'us-east-1', REPO: 'c', BRANCH: 'd' }],
    ] as const)
      it(`but takes it ${what}`, () => {
        const { stderr, status } = call('need-REPO-BRANCH', file, env)
        assert.deepEqual([stderr, status], ['', 0])
      })

    it('also where it was typed empty', () =>
      assert.match(
        make(['--no-print-directory', '-C', folder, 'create-pipeline', 'REPO='], {
          ...blank,
          OWNER: 'acme',
          PROJECT: 'shop',
          REGION: 'us-east-1',
          BRANCH: 'main',
        }).stderr,
        /^REPO is missing/m,
      ))

    for (const [what, file] of [
      ['is empty', `${complete}REPO=\nBRANCH=""\n`],
      ['is a comment', `${complete}# REPO=shop\n#BRANCH=main\n`],
    ] as const)
      it(`also where it ${what}`, () =>
        assert.match(call('create-pipeline', file).stderr, /REPO and BRANCH are missing/))

    for (const [target, noun, verb] of [
      ['create-environment', 'environment', 'create'],
      ['create-pipeline', 'pipeline', 'create'],
      ['update-app', 'app', 'update'],
      ['approve', 'approval', 'approve'],
      ['smoke', 'image', 'smoke'],
      ['changelog', 'image', 'changelog'],
    ] as const)
      it(`and leaves nothing for the script to find missing: ${target}`, () => {
        const { stderr } = call(target, '')
        // A wrong OWNER stops the script whatever a .make of this checkout says.
        const { stderr: later } = spawnSync(process.execPath, ['scripts/riglet.ts', noun, verb], {
          encoding: 'utf8',
          env: { ...process.env, ...blank, OWNER: 'No Name', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
        })
        assert.match(later, /wrong or missing/)
        const names = [...later.matchAll(/^ +([A-Z_]+) is missing/gm)].map(([, name]) => name!)
        for (const name of names) assert.match(stderr, new RegExp(`\\b${name}\\b`))
      })
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
    writeFileSync(copy, `${makefile.split('##@')[0]}\nshow:\n\t@printenv REASON\nempty:\n\t@echo "[$$TYPED_EMPTY]"\n`)
    after(() => rmSync(folder, { recursive: true }))

    for (const [what, words, env, told] of [
      ['and names what was typed empty', ['HOST_NAME=', 'JSON=', 'ENV=staging'], {}, 'JSON HOST_NAME'],
      ['but not what is merely exported empty', [], { HOST_NAME: '', CERTIFICATE_ARN: '' }, ''],
      [
        'what was typed empty beside an exported value, too',
        ['HOST_NAME='],
        { HOST_NAME: 'a.example.com' },
        'HOST_NAME',
      ],
      ["and not what somebody's shell says was typed", [], { TYPED_EMPTY: 'HOST_NAME' }, ''],
    ] as const)
      it(what, () => assert.equal(make(['-f', copy, 'empty', ...words], env).stdout, `[${told}]\n`))

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
