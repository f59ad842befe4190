import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { addressOf, emptyAccount } from './empty-account.ts'
import { newcomer, posix, type Ended, type Newcomer } from './newcomer.ts'

const programs = [...posix, 'make', 'git', 'node', 'npm']

describe('a fresh clone, for somebody without root, Python and Go (B24)', function () {
  this.timeout(300_000)
  const asked: string[] = []
  let account: Server
  let user: Newcomer
  let first: Ended
  let env: Record<string, string>

  before(async () => {
    account = await emptyAccount(asked)
    user = newcomer(programs)
    env = {
      AWS_ENDPOINT_URL: addressOf(account),
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      OWNER: 'acme',
      PROJECT: 'shop',
      REGION: 'us-east-1',
    }
    for (const words of [
      ['init', '-q', '-b', 'main'],
      ['add', '-A'],
      ['-c', 'user.name=New', '-c', 'user.email=new@example.com', 'commit', '-q', '-m', 'Begin'],
    ])
      assert.equal((await user.run('git', words)).code, 0)
    first = await user.run('make', ['-s', 'status'], env)
  })
  after(() => {
    account.close()
    user.leaves()
  })

  it('answers make status after seconds of set-up, and says what it brings for that (R65)', () => {
    assert.equal(first.code, 0, `${first.stdout}${first.stderr}`)
    assert.match(first.stdout, /acme-shop/)
    assert.match(first.stderr, /Node and its packages \(\d{1,2} s\)/)
    assert.ok(asked.includes('DescribeStacks'), asked.join())
  })

  it('brings Node and its packages, and nothing else', () => {
    assert.ok(existsSync(join(user.folder, 'node_modules/.bin/node')))
    for (const other of ['.tools', 'rehearsal/.venv', 'node_modules/mocha', 'node_modules/typescript'])
      assert.equal(existsSync(join(user.folder, other)), false, other)
  })

  it('brings nothing again, and says nothing of it', async () => {
    const again = await user.run('make', ['-s', 'status'], env)
    assert.deepEqual([again.code, again.stdout, again.stderr], [0, first.stdout, ''])
  })

  it('names what is missing where a target needs more', async () => {
    const { code, stderr } = await user.run('make', ['-s', 'bake', 'IMAGE=web'], env)
    assert.notEqual(code, 0)
    assert.match(stderr, /setup: go is missing; install go 1\.22\.0 or newer \(it builds packer\)/)
  })

  it('waits for no set-up that was killed, also where there is no flock', async () => {
    const held = join(user.folder, '.state/setup.locked')
    // Above the greatest number that a process can have.
    await user.run('bash', ['-c', 'mkdir "$0" && echo 4194305 > "$0/pid"', held])
    assert.ok(existsSync(join(held, 'pid')))
    const { stderr } = await user.run('bash', ['setup/run', 'image'])
    assert.match(stderr, /go is missing/)
    assert.equal(existsSync(held), false)
  })
})
