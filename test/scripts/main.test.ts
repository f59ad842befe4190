import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { exampleKeys, scriptEnvironment } from './support/environment.ts'

const root = resolve(import.meta.dirname, '../..')
/** Nobody listens there. */
const dead = 'http://127.0.0.1:9'

describe('scripts, as a user calls them', () => {
  let checkout = ''
  before(() => {
    checkout = mkdtempSync(join(tmpdir(), 'riglet-main-'))
    for (const folder of ['scripts', 'cloudformation', 'packer'])
      cpSync(join(root, folder), join(checkout, folder), { recursive: true })
    for (const file of ['create-riglet.ts', 'delete-riglet.ts', 'package.json'])
      cpSync(join(root, file), join(checkout, file))
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'))
    mkdirSync(join(checkout, 'home'))
  })
  after(() => rmSync(checkout, { recursive: true }))

  const call = (environment: Record<string, string>, ...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...args], {
      cwd: checkout,
      encoding: 'utf8',
      env: scriptEnvironment({ HOME: join(checkout, 'home'), AWS_ENDPOINT_URL: dead, ...environment }),
    })
    return { status, stdout, stderr }
  }
  const acme = { OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1' }
  const keys = exampleKeys

  it('name every missing setting at once, with code 2 and nothing on stdout (R04)', () => {
    const { status, stdout, stderr } = call({}, 'scripts/riglet.ts', 'environment', 'create')
    assert.deepEqual([status, stdout], [2, ''])
    for (const name of ['OWNER', 'PROJECT', 'REGION', 'ENV']) assert.match(stderr, new RegExp(`${name} is missing`))
    assert.doesNotMatch(stderr, /\n +at /)
  })

  it('refuse an environment that does not exist, and names that AWS would refuse, before any call', () => {
    const { status, stderr } = call({ ...acme, ...keys, ENV: 'prod' }, 'scripts/riglet.ts', 'environment', 'create')
    assert.equal(status, 2)
    assert.match(stderr, /ENV=prod is not integration, staging, production/)
    const long = call(
      { ...acme, ...keys, OWNER: 'a-very-long-company-name', ENV: 'staging' },
      'scripts/riglet.ts',
      'environment',
      'create',
    )
    assert.equal(long.status, 2)
    assert.match(long.stderr, /OWNER=a-very-long-company-name is not 1 to 12/)
  })

  it('name file and line of a malformed .make', () => {
    writeFileSync(join(checkout, '.make'), 'OWNER=acme\nPROJECT shop\n')
    const { status, stderr } = call({ ENV: 'staging' }, 'scripts/riglet.ts', 'environment', 'status')
    rmSync(join(checkout, '.make'))
    assert.equal(status, 2)
    assert.match(stderr, /\.make:2: not of the form NAME=value: PROJECT shop/)
  })

  it('say so when there are no credentials, and how to get some', () => {
    const { status, stderr } = call({ ...acme, ENV: 'staging' }, 'scripts/riglet.ts', 'environment', 'status')
    assert.equal(status, 1)
    assert.match(stderr, /There are no credentials for AWS/)
    assert.match(stderr, /PROFILE/)
    assert.doesNotMatch(stderr, /\n +at /)
  })

  it('say what was tried when nobody answers', () => {
    const { status, stderr } = call({ ...acme, ...keys, ENV: 'staging' }, 'scripts/riglet.ts', 'environment', 'status')
    assert.equal(status, 1)
    assert.match(stderr, /Nobody answers at http:\/\/127\.0\.0\.1:9 \(ECONNREFUSED\); 8 attempts were made/)
    assert.doesNotMatch(stderr, /\n +at /)
  }).timeout(60_000)

  it('refuse an endpoint that is no address, before any call', () => {
    for (const endpoint of ['127.0.0.1:9', 'localhost:9', 'ftp://localhost', 'http://local host']) {
      const { status, stderr } = call(
        { ...acme, ...keys, ENV: 'staging', AWS_ENDPOINT_URL: endpoint },
        'scripts/riglet.ts',
        'environment',
        'status',
      )
      assert.equal(status, 2, stderr)
      assert.ok(
        stderr.includes(`environment: AWS_ENDPOINT_URL=${endpoint} is not of the form http://host:port`),
        stderr,
      )
      assert.doesNotMatch(stderr, /\n +at /)
    }
  })

  it('list their verbs, and refuse flags that they do not know', () => {
    assert.match(
      call({}, 'scripts/riglet.ts').stderr,
      /riglet: say what to do.\n  One of: environment, pipeline, publication, schedule, app, source, approval, image, distribution, group, nightly, tracker, riglet$/m,
    )
    assert.match(
      call({}, 'scripts/riglet.ts', 'environment').stderr,
      /One of: create, update, plan, status, outputs, protect, unprotect, recover, delete/,
    )
    const { status, stderr } = call(acme, 'scripts/riglet.ts', 'environment', 'create', '-x')
    assert.equal(status, 2)
    assert.match(stderr, /-x is not understood/)
  })

  it('take flags for settings', () => {
    const { stderr } = call({}, 'create-riglet.ts', '--yes', '--owner=acme', 'PROJECT=Shop Two')
    assert.match(stderr, /PROJECT \(environment\): PROJECT=Shop Two is not/)
    writeFileSync(join(checkout, '.make'), 'OWNER=acme\nPROJECT=shop\nREGION=us-east-1\n')
    const emptied = call({ PROJECT: '' }, 'scripts/riglet.ts', 'riglet', 'check', 'OWNER=').stderr
    rmSync(join(checkout, '.make'))
    assert.match(emptied, /^One setting is wrong or missing\.\n +OWNER is missing/)
  })

  it('create no riglet without a terminal and a yes', () => {
    const { status, stderr } = call({}, 'create-riglet.ts')
    assert.equal(status, 2)
    assert.match(stderr, /OWNER is missing/)
  })
})
