import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/** Tools that `make setup` made here; a copy borrows them, so that it sets up in no time. */
const borrowed = ['node_modules', 'rehearsal/.venv', '.tools']

/** This checkout in a folder of another name. */
function copyTo(folder: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  for (const path of listed.toString().split('\0').filter(existsSync)) {
    if (!/^(?:rehearsal|test)\/.*test/.test(path)) cpSync(path, join(folder, path), { recursive: true })
  }
  for (const path of borrowed) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    symlinkSync(resolve(path), join(folder, path))
  }
}

/** What a folder may be called, but for what no program can have in a path: a colon (PATH) and a backslash (Node). */
const names = ['my riglet (copy)', `it's "5$" größe & #2; 50%`]

describe('a checkout in a folder', function () {
  this.timeout(60_000)
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'riglet-folders-')))
  before(() => {
    for (const name of names) copyTo(join(root, name))
  })
  after(() => rmSync(root, { recursive: true }))

  it('starts the aws CLI from its own packages, wherever they lie', () => {
    const venv = join(root, 'packages (copy)')
    execFileSync('rehearsal/.venv/bin/python', ['-m', 'venv', '--without-pip', venv])
    cpSync('rehearsal/.venv/bin/aws', join(venv, 'bin/aws'))
    const version = "import sys; sys.exit(0 if sys.prefix.endswith('packages (copy)') else 'another Python')"
    mkdirSync(join(root, 'awscli'), { recursive: true })
    writeFileSync(join(root, 'awscli/__main__.py'), version)
    const { status, stderr } = spawnSync(join(venv, 'bin/aws'), { env: { PYTHONPATH: root }, encoding: 'utf8' })
    assert.deepEqual([status, stderr], [0, ''])
  })

  for (const name of names) {
    const { MAKEFLAGS: _flags, MAKELEVEL: _level, PACKER_PLUGIN_PATH: _plugins, PATH: path = '', ...rest } = process.env
    const env = {
      ...rest,
      // As a person has it: without the tools of the checkout that these tests run in.
      PATH: path
        .split(':')
        .filter((one) => !one.startsWith(resolve('.')))
        .join(':'),
      OWNER: 'acme',
      PROJECT: 'shop',
      REGION: 'us-east-1',
      REHEARSAL: 'nobody',
    }
    const folder = join(root, name)
    const make = (...words: readonly string[]) =>
      spawnSync('make', ['--no-print-directory', ...words], { cwd: folder, env, encoding: 'utf8' })
    /** What a recipe of the Makefile finds; `setup` goes before it, as before every target. */
    const recipe = (command: string) => make('--eval', `found: setup\n\t@${command}`, 'found')

    it(`called ${name} says what there is, and sets up`, () => {
      assert.match(make('help').stdout, /^Usage: make TARGET/)
      const { status, stdout, stderr } = make('setup')
      assert.deepEqual([status, stdout, stderr], [0, '', ''])
    })

    it(`called ${name} finds its own tools`, () => {
      const { stdout } = recipe('command -v node; command -v python; command -v packer; printenv PACKER_PLUGIN_PATH')
      const tools = ['node_modules/.bin/node', 'rehearsal/.venv/bin/python', '.tools/bin/packer', '.tools/plugins']
      assert.deepEqual(
        stdout.trimEnd().split('\n'),
        tools.map((tool) => join(folder, tool)),
      )
    })

    it(`called ${name} bakes with the plugin that is pinned`, () => {
      const { status, stdout, stderr } = recipe('setup/packer-validate packer/web')
      assert.deepEqual([status, stdout, stderr], [0, 'The configuration is valid.\n'.repeat(2), ''])
    })

    it(`called ${name} runs its scripts, and the rehearsal`, () => {
      assert.match(make('push', 'REPO=', 'BRANCH=').stderr, /REPO is missing/)
      assert.match(make('aws-status').stderr, /^rehearsal nobody is down/)
    })

    it(`called ${name} runs what checks it`, () => {
      const { status, stdout, stderr } = recipe(
        'ruff check --quiet rehearsal/cli.py && python -c "from cfnlint.runner import main; raise SystemExit(main())" --version && prettier --check --log-level warn README.md',
      )
      assert.deepEqual([status, stderr], [0, ''])
      assert.match(stdout, /\b\d+\.\d+\.\d+\n$/)
    })
  }
})
