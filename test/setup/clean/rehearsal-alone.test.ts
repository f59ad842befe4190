import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { after, before, describe, it } from 'mocha'
import { ownName } from '../../../rehearsal/contract/support/own-name.ts'

const run = promisify(execFile)
const name = ownName('alone')

/** The commands of a README's code block that begins so. */
const blockOf = (readme: string, begins: string): readonly string[] => {
  const block = readme.split(/^```\n/m).find((text) => text.startsWith(begins))
  assert.ok(block !== undefined, `no block begins with ${begins}`)
  return block.trim().split('\n')
}

describe('the rehearsal, copied alone into an empty folder (B26)', function () {
  this.timeout(600_000)
  const root = mkdtempSync(join(tmpdir(), 'alone-'))
  const folder = join(root, 'rehearsal')
  // As a person has it: nothing of the checkout that these tests run in.
  const { MAKEFLAGS: _flags, MAKELEVEL: _level, PYTHONPATH: _python, PATH: path = '', ...rest } = process.env
  const env = {
    ...rest,
    REHEARSAL: name,
    PORT: '0',
    PATH: path
      .split(':')
      .filter((one) => !one.startsWith(process.cwd()))
      .join(':'),
  }
  const types = (...words: readonly string[]) =>
    run(words[0]!, words.slice(1), { cwd: folder, env, maxBuffer: 1 << 26 })

  before(() => {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', 'rehearsal'])
    for (const file of listed
      .toString()
      .split('\0')
      .filter((one) => one !== '' && existsSync(one))) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      cpSync(file, join(root, file))
    }
  })
  after(async () => {
    await types('make', '-s', 'down')
    rmSync(root, { recursive: true, force: true })
  })

  it('sets itself up, once', async () => {
    const { stderr } = await types('make', '-s', 'setup')
    assert.match(stderr, /^The rehearsal is set up, in \d+ s\.$/m)
    const again = await types('make', '-s', 'setup')
    assert.deepEqual([again.stdout, again.stderr], ['', ''])
  })

  it('finds all of its tests, and passes those of its kernel and of inputs that nobody would send', async () => {
    const { stdout: found } = await types('.venv/bin/python', '-P', '-m', 'pytest', '--collect-only')
    assert.match(found, /\b\d{3,} tests collected/)
    const { stdout } = await types('make', '-s', 'test', 'MATCH=kernel or fuzz')
    assert.match(stdout, /^\d{2,} passed/m)
  })

  it('boots machines and answers as AWS documents, asked by clients of its own', async () => {
    const { stdout } = await types(
      'make',
      '-s',
      'contract',
      'TEST=cli.test.ts iam.test.ts client-aws.test.ts ec2.test.ts',
    )
    assert.match(stdout, /\b18 passing/)
    assert.ok(existsSync(join(folder, 'contract/node_modules/.bin/mocha')))
  })

  it('serves aws cloudformation deploy as its README says', async () => {
    const readme = execFileSync('cat', [join(folder, 'README.md')], { encoding: 'utf8' })
    const commands = blockOf(readme, 'eval "$(make -s up)"')
    const script = ['set -e', 'export PATH=$PWD/.venv/bin:$PATH', ...commands].join('\n')
    const { stdout, stderr } = await types('bash', '-c', script)
    assert.match(stdout, /Successfully created\/updated stack - hello/, stderr)
    assert.match(stdout, /"ResourceStatus": "CREATE_COMPLETE"/)
    assert.match(stdout, new RegExp(`^rehearsal +${name}, up for `, 'm'))
    assert.match(stderr, new RegExp(`rehearsal ${name} is down\\n$`))
  })
})
