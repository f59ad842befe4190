import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { check, makeHome, type Home, type Told } from './support/home.ts'
import { hence, openIdentities, type Identities } from './support/identity.ts'

const sha1 = (words: string): string => createHash('sha1').update(words).digest('hex')
const device = 'arn:aws:iam::123456789012:mfa/me'
const keys = { AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIK7MDENGbPxRfiCY' }
const role = (name: string): string => `role_arn = arn:aws:iam::123456789012:role/${name}`
const own = (key: string): string => `aws_access_key_id = ${key}\naws_secret_access_key = secret`
const sso = 'sso_account_id = 123456789012\nsso_role_name = login'

const config = `[default]
region = us-east-1
[profile made]
${own('AKIAMADE')}
[profile other]
${own('AKIAOTHER')}
[profile ship]
${role('ship')}
source_profile = made
[profile far]
${role('far')}
source_profile = ship
[profile environment]
${role('outer')}
credential_source = Environment
[profile container]
${role('inner')}
credential_source = EcsContainer
[profile process]
credential_process = echo '{"Version": 1, "AccessKeyId": "AKIAPROCESS", "SecretAccessKey": "s"}'
[profile broken]
credential_process = sh -c 'echo vault is locked >&2; exit 3'
[profile web]
${role('web')}
web_identity_token_file = TOKEN
[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = us-east-1
[profile sso]
sso_session = acme
${sso}
[profile legacy]
sso_start_url = https://old.awsapps.com/start
sso_region = us-east-1
${sso}
[profile onsso]
${role('ship')}
source_profile = legacy
[profile code]
${role('coded')}
source_profile = made
mfa_serial = ${device}
[profile beyond]
${role('beyond')}
source_profile = code
[profile empty]
region = us-east-1
[bare]
${own('AKIABARE')}
`

describe('credentials', function () {
  this.timeout(90_000)
  let home: Home
  let aws: Identities
  let base: Record<string, string>
  beforeEach(async () => {
    home = makeHome()
    aws = await openIdentities()
    home.write('token', 'the.web.identity')
    home.write('.aws/config', config.replace('TOKEN', `${home.path}/token`))
    base = { AWS_ENDPOINT_URL: `http://127.0.0.1:${aws.port}` }
  })
  afterEach(() => {
    aws.close()
    home.remove()
  })
  /** Whose key signed the call that tells who we are. */
  const signer = (): string | undefined => aws.calls.findLast(({ what }) => what === 'GetCallerIdentity')?.key
  const login = (name: string, end = hence(1), more = {}): void =>
    home.write(`.aws/sso/cache/${sha1(name)}.json`, JSON.stringify({ accessToken: 'a', expiresAt: end, ...more }))

  describe('come in the order of the aws CLI', () => {
    const cases: readonly [string, Record<string, string>, string][] = [
      ['what was typed for this call', { ...keys, PROFILE: 'made', AWS_PROFILE: 'other' }, 'AKIAMADE'],
      ['keys in the environment, beside AWS_PROFILE', { ...keys, AWS_PROFILE: 'other' }, keys.AWS_ACCESS_KEY_ID],
      ['keys beside an AWS_PROFILE that does not exist', { ...keys, AWS_PROFILE: 'gone' }, keys.AWS_ACCESS_KEY_ID],
      ['AWS_PROFILE', { AWS_PROFILE: 'other' }, 'AKIAOTHER'],
      ['AWS_DEFAULT_PROFILE', { AWS_DEFAULT_PROFILE: 'other' }, 'AKIAOTHER'],
    ]
    for (const [title, environment, key] of cases)
      it(title, async () => {
        const { code, stderr } = await home.run({ ...base, ...environment })
        assert.equal(code, 0, stderr)
        assert.equal(signer(), key)
        const aside = key === keys.AWS_ACCESS_KEY_ID
        assert.equal(/AWS_ACCESS_KEY_ID of the environment; AWS_PROFILE=\w+ does not count/.test(stderr), aside, stderr)
        assert.doesNotMatch(stderr, /Multiple credential sources/)
      })

    it('and the aws CLI itself does the same', async () => {
      const told = await home.run({ ...base, ...keys, AWS_PROFILE: 'other', AWS_DEFAULT_REGION: 'us-east-1' }, whoAmI)
      assert.equal(told.code, 0, told.stderr)
      assert.equal(signer(), keys.AWS_ACCESS_KEY_ID)
    })

    it('but never from half a pair of keys', async () => {
      const { code, stderr } = await home.run({ ...base, AWS_ACCESS_KEY_ID: 'AKIA', AWS_PROFILE: 'other' })
      assert.equal(code, 2)
      assert.match(stderr, /AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not/)
      assert.deepEqual(aws.calls, [])
    })
  })

  describe('are found in every form', () => {
    const cases: readonly [
      profile: string,
      key: string,
      more?: (home: Home, port: number) => Record<string, string>,
    ][] = [
      ['made', 'AKIAMADE'],
      ['ship', 'ASIASHIP'],
      ['far', 'ASIAFAR'],
      ['environment', 'ASIAOUTER', () => keys],
      [
        'container',
        'ASIAINNER',
        (_, port) => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/container` }),
      ],
      ['process', 'AKIAPROCESS'],
      ['web', 'ASIAWEB'],
      ['sso', 'ASIALOGIN'],
      ['legacy', 'ASIALOGIN'],
      ['onsso', 'ASIASHIP'],
    ]
    for (const [profile, key, more] of cases)
      it(profile, async () => {
        login('acme')
        login('https://old.awsapps.com/start')
        // Typed, so that keys in the environment do not come first.
        const { code, stderr } = await home.run({ ...base, PROFILE: profile, ...more?.(home, aws.port) })
        assert.equal(code, 0, stderr)
        assert.equal(signer(), key)
      })

    it('a web identity in the environment', async () => {
      const web = {
        AWS_WEB_IDENTITY_TOKEN_FILE: `${home.path}/token`,
        AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/pod',
      }
      const { code, stderr } = await home.run({ ...base, ...web })
      assert.equal(code, 0, stderr)
      assert.equal(signer(), 'ASIAPOD')
    })

    it('a container, under a profile that has only a region', async () => {
      const uri = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${aws.port}/container` }
      const { code, stderr } = await home.run({ ...base, ...uri, AWS_PROFILE: 'empty' })
      assert.equal(code, 0, stderr)
      assert.equal(signer(), 'ASIACONTAINER')
    })

    it('in files that stand elsewhere', async () => {
      home.write('elsewhere/config', '[profile moved]\nregion = us-east-1\n')
      home.write('elsewhere/keys', `[moved]\n${own('AKIAMOVED')}\n`)
      const files = {
        AWS_CONFIG_FILE: '~/elsewhere/config',
        AWS_SHARED_CREDENTIALS_FILE: `${home.path}/elsewhere/keys`,
      }
      const { code, stderr } = await home.run({ ...base, ...files, AWS_PROFILE: 'moved' })
      assert.equal(code, 0, stderr)
      assert.equal(signer(), 'AKIAMOVED')
    })
  })

  describe('that cannot be had', () => {
    const fails = async (environment: Record<string, string>): Promise<string> => {
      const told = await home.run({ ...base, ...environment })
      assert.equal(told.code, 1, told.stdout + told.stderr)
      assert.doesNotMatch(told.stderr, /\n +at /)
      assert.equal(signer(), undefined, 'somebody else was asked for')
      return told.stderr
    }
    // What is running here must never stand in for the profile that was meant.
    const uri = (): Record<string, string> => ({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${aws.port}/container`,
    })

    it('because there is no such profile: those that exist are named', async () => {
      const stderr = await fails({ ...uri(), AWS_PROFILE: 'mdae' })
      assert.match(
        stderr,
        /There is no profile mdae \(AWS_PROFILE\) in \S+\/\.aws\/config or \S+\/\.aws\/credentials\.\n.*made, other, ship/,
      )
      assert.doesNotMatch(stderr, /sso login/)
    })

    it('because its section lacks the word profile', async () => {
      assert.match(await fails({ AWS_PROFILE: 'bare' }), /its section begins with \[profile bare\], not \[bare\]/)
    })

    it('because its process fails: its words are told, and nobody else stands in', async () => {
      const stderr = await fails({ ...uri(), AWS_PROFILE: 'broken' })
      assert.match(stderr, /vault is locked/)
      assert.match(stderr, /credential_process of profile broken/)
      assert.doesNotMatch(stderr, /sso login/)
    })

    for (const [profile, named, session] of [
      ['sso', 'sso', 'acme'],
      ['legacy', 'legacy', 'https://old.awsapps.com/start'],
      ['onsso', 'legacy', 'https://old.awsapps.com/start'],
    ] as const)
      it(`because nobody is logged in, or no longer: ${profile}`, async () => {
        assert.match(await fails({ ...uri(), AWS_PROFILE: profile }), new RegExp(`aws sso login --profile ${named}\n`))
        login(session, hence(-1))
        const stderr = await fails({ ...uri(), AWS_PROFILE: profile })
        assert.match(stderr, /expired/)
        assert.match(stderr, new RegExp(`aws sso login --profile ${named}\n`))
      })

    it('because AWS does not trust the key, or lets nobody take the role', async () => {
      aws.answers['AssumeRole'] = () => ({
        status: 403,
        body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: x is not authorized</Message></Error></ErrorResponse>',
      })
      assert.match(
        await fails({ AWS_PROFILE: 'far' }),
        /Profile ship may not take the role arn:\S+role\/ship: User: x is not/,
      )
      aws.answers['AssumeRole'] = () => ({
        status: 403,
        body: '<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>no such token</Message></Error></ErrorResponse>',
      })
      const stderr = await fails({ AWS_PROFILE: 'ship' })
      assert.match(
        stderr,
        /AWS does not know these credentials: no such token\n.*Look at the keys of profile made, on which ship stands/,
      )
    })

    it('because the file is malformed: with its line', async () => {
      home.write('.aws/config', `[profile ship]\nrole_arn arn:aws:iam::123456789012:role/ship\n${own('AKIASHIP')}\n`)
      const stderr = await fails({ AWS_PROFILE: 'ship' })
      assert.match(stderr, /\.aws\/config:2: is not of the form role_arn = value/)
    })

    it('because the file cannot be read', async () => {
      assert.match(await fails({ AWS_CONFIG_FILE: home.path, AWS_PROFILE: 'made' }), /cannot be read: EISDIR/)
    })

    it('because there is no terminal to ask for a code on', async () => {
      for (const profile of ['code', 'beyond']) {
        const stderr = await fails({ AWS_PROFILE: profile })
        assert.match(stderr, /Profile code wants a code of the MFA device arn:aws:iam::123456789012:mfa\/me/)
        assert.match(stderr, /aws sts get-caller-identity --profile code\./)
        assert.doesNotMatch(stderr, /sso login/)
      }
    })
  })

  describe('that want a code', () => {
    const cache = (): string => join(home.path, '.aws/cli/cache')
    const asked = (): number => aws.calls.filter(({ form }) => form.has('TokenCode')).length
    const atTerminal = (profile: string): Promise<Told> =>
      home.run({ ...base, AWS_PROFILE: profile }, [
        'rehearsal/.venv/bin/python',
        'test/scripts/support/terminal.py',
        'Code of the MFA device',
        '123456\r',
        ...check,
      ])

    it('are asked for it at a terminal, once, and kept for this user alone until they end', async () => {
      const { stdout } = await atTerminal('code')
      assert.match(stdout, /settings are complete[^]*exit code 0/)
      assert.equal(aws.calls.find(({ what }) => what === 'AssumeRole')?.form.get('TokenCode'), '123456')
      assert.equal(signer(), 'ASIACODED')
      const files = readdirSync(cache())
      assert.equal(files.length, 1)
      assert.equal(statSync(join(cache(), files[0]!)).mode & 0o777, 0o600)
      assert.equal(statSync(cache()).mode & 0o777, 0o700)

      const again = await home.run({ ...base, AWS_PROFILE: 'code' })
      assert.equal(again.code, 0, again.stderr)
      assert.deepEqual([asked(), signer()], [1, 'ASIACODED'])
      const beyond = await home.run({ ...base, AWS_PROFILE: 'beyond' })
      assert.deepEqual([beyond.code, asked(), signer()], [0, 1, 'ASIABEYOND'])

      const path = join(cache(), files[0]!)
      const kept = JSON.parse(readFileSync(path, 'utf8')) as { Credentials: { Expiration: string } }
      kept.Credentials.Expiration = hence(0.05)
      home.write(`.aws/cli/cache/${files[0]}`, JSON.stringify(kept))
      const late = await home.run({ ...base, AWS_PROFILE: 'code' })
      assert.match(late.stderr, /wants a code/)
    })

    it('are shared with the aws CLI, both ways', async () => {
      await atTerminal('code')
      aws.calls.length = 0
      const cli = await home.run({ ...base, AWS_PROFILE: 'code', AWS_DEFAULT_REGION: 'us-east-1' }, whoAmI)
      assert.equal(cli.code, 0, cli.stderr)
      assert.deepEqual([asked(), signer()], [0, 'ASIACODED'])

      rmSync(cache(), { recursive: true })
      aws.calls.length = 0
      const { stdout, stderr } = await promisify(execFile)('rehearsal/.venv/bin/python', ['-c', byBotocore], {
        cwd: resolve(import.meta.dirname, '../..'),
        env: {
          PATH: process.env['PATH'],
          HOME: home.path,
          ...base,
          AWS_PROFILE: 'code',
          AWS_DEFAULT_REGION: 'us-east-1',
        },
      })
      assert.match(stdout, /ASIACODED/, stderr)
      assert.equal(asked(), 1)
      const riglet = await home.run({ ...base, AWS_PROFILE: 'code' })
      assert.equal(riglet.code, 0, riglet.stderr)
      assert.deepEqual([asked(), signer()], [1, 'ASIACODED'])
    })
  })
})

const whoAmI = ['rehearsal/.venv/bin/aws', 'sts', 'get-caller-identity', '--output', 'text']

/** What the aws CLI does, with somebody who types. */
const byBotocore = `
import botocore.session
from awscli.customizations.assumerole import CACHE_DIR
from botocore.utils import JSONFileCache
session = botocore.session.Session()
provider = session.get_component("credential_provider").get_provider("assume-role")
provider.cache = JSONFileCache(CACHE_DIR)
provider._prompter = lambda question: "654321"
print(session.get_credentials().access_key)
`
