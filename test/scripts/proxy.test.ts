import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { makeCertificate } from '../io/certificate.ts'
import { openProxy, openSocks, type TestProxy } from '../io/proxy.ts'
import { makeHome, type Home } from './support/home.ts'
import { openIdentities, type Identities } from './support/identity.ts'

const keys = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIK7MDENGbPxRfiCY' }
const sts = 'sts.us-east-1.amazonaws.com:443'
const complete = /acme-shop in account 123456789012, region us-east-1: settings are complete/

// No name of AWS is asked for directly here: whatever succeeds went through the proxy.
describe('a proxy (B24)', function () {
  this.timeout(90_000)
  let home: Home
  let aws: Identities
  let proxy: TestProxy
  let trusted: Record<string, string>
  before(async () => {
    home = makeHome()
    const certificate = await makeCertificate('*.us-east-1.amazonaws.com', 'portal.sso.us-east-1.amazonaws.com')
    home.write('ca.pem', certificate.certificate)
    trusted = { AWS_CA_BUNDLE: `${home.path}/ca.pem` }
    aws = await openIdentities(certificate)
  })
  beforeEach(async () => {
    aws.calls.length = 0
    proxy = await openProxy(aws.port, aws.plainPort)
  })
  afterEach(() => proxy.close())
  after(() => {
    aws.close()
    home.remove()
  })
  const at = (user = ''): string => `http://${user}127.0.0.1:${proxy.port}`

  for (const variable of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'])
    it(`leads to AWS when ${variable} says so`, async () => {
      const { code, stdout, stderr } = await home.run({ ...keys, ...trusted, [variable]: at() })
      assert.equal(code, 0, stderr)
      assert.match(stdout, complete)
      assert.deepEqual(proxy.asked, [sts])
      assert.deepEqual(
        aws.calls.map(({ what, key }) => [what, key]),
        [['GetCallerIdentity', keys.AWS_ACCESS_KEY_ID]],
      )
    })

  it('takes an address without http://, and a user and password', async () => {
    proxy.manner = { type: 'guarded', user: 'me:p@ss word' }
    const address = `me:p%40ss%20word@127.0.0.1:${proxy.port}`
    const { stdout, stderr } = await home.run({ ...keys, ...trusted, HTTPS_PROXY: address })
    assert.match(stdout, complete, stderr)
  })

  it('may speak SOCKS', async () => {
    const socks = await openSocks(aws.port)
    const { stdout, stderr } = await home.run({ ...keys, ...trusted, ALL_PROXY: `socks5h://127.0.0.1:${socks.port}` })
    await socks.close()
    assert.match(stdout, complete, stderr)
    assert.deepEqual(socks.asked, [sts])
  })

  it('leads plain HTTP to an endpoint elsewhere, by HTTP_PROXY', async () => {
    const environment = {
      ...keys,
      AWS_ENDPOINT_URL: 'http://aws.example:4566',
      HTTP_PROXY: at(),
      HTTPS_PROXY: 'http://127.0.0.1:9',
    }
    const { stdout, stderr } = await home.run(environment)
    assert.match(stdout, complete, stderr)
    assert.deepEqual(proxy.asked, ['http://aws.example:4566/'])
    proxy.manner = { type: 'guarded', user: 'me:secret' }
    assert.match(
      (await home.run(environment)).stderr,
      /The proxy http:\/\/127.* \(HTTP_PROXY\) wants a user and a password: 407/,
    )
  })

  it('is left alone by a rehearsal on this machine', async () => {
    const environment = {
      ...keys,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${aws.plainPort}`,
      HTTP_PROXY: at(),
      ALL_PROXY: at(),
    }
    const { stdout, stderr } = await home.run(environment)
    assert.match(stdout, complete, stderr)
    assert.deepEqual(proxy.asked, [])
  })

  it('leads to where credentials come from, too: a role, SSO and its new tokens, a web identity', async () => {
    home.write('token', 'the.web.identity')
    home.write(
      'config',
      '[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = secret\n' +
        '[profile role]\nrole_arn = arn:aws:iam::123456789012:role/ship\nsource_profile = base\n' +
        '[sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = us-east-1\n' +
        '[profile sso]\nsso_session = acme\nsso_account_id = 123456789012\nsso_role_name = login\n' +
        `[profile web]\nrole_arn = arn:aws:iam::123456789012:role/web\nweb_identity_token_file = ${home.path}/token\n`,
    )
    const soon = new Date(Date.now() + 60_000).toISOString()
    home.write(
      `.aws/sso/cache/${sha1('acme')}.json`,
      JSON.stringify({ accessToken: 'a', expiresAt: soon, clientId: 'c', clientSecret: 's', refreshToken: 'r' }),
    )
    aws.answers['/token'] = () => ({ status: 200, body: '{"accessToken":"b","expiresIn":3600,"refreshToken":"r"}' })
    for (const [profile, hosts, key] of [
      ['role', ['sts', 'sts'], 'ASIASHIP'],
      ['sso', ['oidc', 'portal.sso', 'sts'], 'ASIALOGIN'],
      ['web', ['sts', 'sts'], 'ASIAWEB'],
    ] as const) {
      proxy.asked.length = 0
      const environment = {
        ...trusted,
        AWS_CONFIG_FILE: `${home.path}/config`,
        AWS_PROFILE: profile,
        HTTPS_PROXY: at(),
      }
      const { stdout, stderr } = await home.run(environment)
      assert.match(stdout, complete, stderr)
      // A connection to a host may serve its next call, too.
      assert.deepEqual(
        [...new Set(proxy.asked)],
        [...new Set(hosts)].map((host) => `${host}.us-east-1.amazonaws.com:443`),
      )
      assert.equal(aws.calls.at(-1)?.key, key)
    }
  })

  describe('that does not lead there is named, without its password', () => {
    const password = 'hunter2'
    const fails = async (more: Record<string, string> = {}): Promise<{ stderr: string; seconds: number }> => {
      const told = await home.run({ ...keys, ...trusted, HTTPS_PROXY: at(`me:${password}@`), ...more })
      assert.equal(told.code, 1, told.stdout + told.stderr)
      assert.ok(!told.stderr.includes(password), told.stderr)
      assert.doesNotMatch(told.stderr, /\n +at |Start what should answer|no such address/)
      return told
    }
    const name = 'The proxy http://\\*{4}@127\\.0\\.0\\.1:\\d+ \\(HTTPS_PROXY\\)'

    it('because it wants to know who asks', async () => {
      proxy.manner = { type: 'guarded', user: 'me:other' }
      const { stderr } = await fails()
      assert.match(stderr, new RegExp(`${name} does not accept the user and password in HTTPS_PROXY: 407 Proxy`))
      const open = await fails({ HTTPS_PROXY: at() })
      assert.match(
        open.stderr,
        /\(HTTPS_PROXY\) wants a user and a password: 407.*\n.*HTTPS_PROXY=http:\/\/USER:PASSWORD@/,
      )
      assert.equal(proxy.asked.length, 2, 'tried again')
    })

    it('because it may not', async () => {
      proxy.manner = { type: 'refuse', status: 403, words: 'Forbidden' }
      const { stderr } = await fails()
      assert.match(stderr, new RegExp(`${name} does not lead to ${sts}: 403 Forbidden\\.\n.*allow ${sts}.*NO_PROXY`))
      assert.equal(proxy.asked.length, 1)
    })

    it('because nobody is there', async () => {
      const { stderr, seconds } = await fails({ HTTPS_PROXY: `http://me:${password}@127.0.0.1:9` })
      assert.match(stderr, new RegExp(`${name} does not answer \\(ECONNREFUSED\\)\\.\n.*Check HTTPS_PROXY`))
      assert.ok(seconds < 30, `${seconds} s`)
    })

    it('because it says nothing, and that does not keep the command', async () => {
      proxy.manner = { type: 'silent' }
      const { stderr, seconds } = await fails()
      assert.match(stderr, new RegExp(`${name} does not answer \\(nothing within 5 s\\)`))
      assert.equal(proxy.asked.length, 3)
      assert.ok(seconds < 40, `${seconds} s`)
    })

    it('because it is something else', async () => {
      proxy.manner = { type: 'rude' }
      assert.match((await fails()).stderr, new RegExp(`${name} does not answer \\(what is there is no HTTP proxy\\)`))
    })

    it('where credentials come from as well', async () => {
      proxy.manner = { type: 'refuse', status: 403, words: 'Forbidden' }
      home.write(
        'config',
        '[profile sso]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = login\n',
      )
      const file = `.aws/sso/cache/${sha1('https://acme.awsapps.com/start')}.json`
      home.write(file, JSON.stringify({ accessToken: 'a', expiresAt: new Date(Date.now() + 3_600_000).toISOString() }))
      const told = await home.run({
        ...trusted,
        AWS_CONFIG_FILE: `${home.path}/config`,
        AWS_PROFILE: 'sso',
        HTTPS_PROXY: at(),
      })
      assert.match(told.stderr, /The proxy .* does not lead to portal\.sso\.us-east-1\.amazonaws\.com:443: 403/)
      assert.doesNotMatch(told.stderr, /aws sso login/)
    })
  })

  it('that is no address is refused before any call, and its value is not shown', async () => {
    const { code, stderr } = await home.run({
      ...keys,
      HTTPS_PROXY: 'http://me:hunt#er2@proxy:3128',
      http_proxy: 'ftp://x',
    })
    assert.equal(code, 2)
    assert.match(stderr, /HTTPS_PROXY: is not of the form http:\/\/host:port/)
    assert.match(stderr, /http_proxy: is not of the form/)
    assert.ok(!stderr.includes('hunt'), stderr)
  })
})

const sha1 = (words: string): string => createHash('sha1').update(words).digest('hex')
