import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { newcomer, type Ended, type Newcomer } from './newcomer.ts'

/** What a machine with little on it has: POSIX tools, shasum for sha256sum, no flock; no Python, no Go, no root. */
const posix =
  'awk basename bash cat chmod cp cut dirname env find grep head id ln ls mkdir mktemp mv paste perl rm sed sh shasum sleep sort tail touch tr uname wc'
const programs = [...posix.split(' '), 'make', 'git', 'node', 'npm']

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/newcomer</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`
const nothing = (action: string): string => `<${action}Response><${action}Result></${action}Result></${action}Response>`

/** An account in which there is nothing; it remembers what it was asked. */
async function emptyAccount(asked: string[]): Promise<Server> {
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const action = new URLSearchParams(Buffer.concat(chunks).toString()).get('Action')
      asked.push(action ?? `${request.headers['x-amz-target'] ?? request.url}`)
      if (action === null) reply.setHeader('content-type', 'application/x-amz-json-1.1').end('{}')
      else reply.setHeader('content-type', 'text/xml').end(action === 'GetCallerIdentity' ? identity : nothing(action))
    })
  })
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up))
  return server
}

describe('a fresh clone, for somebody without root, Python and Go', function () {
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
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(account.address() as AddressInfo).port}`,
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

  it('answers make status, and says what it brings for that (R65)', () => {
    assert.equal(first.code, 0, `${first.stdout}${first.stderr}`)
    assert.match(first.stdout, /acme-shop/)
    assert.match(first.stderr, /Node and its packages \(\d+ s\)/)
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
    mkdirSync(held)
    // Above the greatest number that a process can have.
    writeFileSync(join(held, 'pid'), '4194305\n')
    const { stderr } = await user.run('bash', ['setup/run', 'image'])
    assert.match(stderr, /go is missing/)
    assert.equal(existsSync(held), false)
  })
})
