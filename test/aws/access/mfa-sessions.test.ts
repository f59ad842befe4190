import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeRoleAssumer } from '../../../scripts/aws/access/assume-role.ts'
import { keepSession, keptSession, sessionKey } from '../../../scripts/aws/access/mfa-sessions.ts'
import { RigletError } from '../../../scripts/core/errors.ts'
import { notTrusted, openIdentities, wrongCode, type Identities } from '../../scripts/support/identity.ts'

const serial = 'arn:aws:iam::123456789012:mfa/me'
const arn = 'arn:aws:iam::123456789012:role/coded'

describe('sessions that a code opened', function () {
  this.timeout(30_000)
  const before = { HOME: process.env['HOME'], AWS_ENDPOINT_URL: process.env['AWS_ENDPOINT_URL'] }
  let home = ''
  let aws: Identities
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'riglet-sessions-'))
    aws = await openIdentities()
    Object.assign(process.env, { HOME: home, AWS_ENDPOINT_URL: `http://127.0.0.1:${aws.port}` })
  })
  afterEach(() => {
    aws.close()
    rmSync(home, { recursive: true })
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })

  it('have the name that botocore gives them, whatever a profile says', () => {
    const profiles = [
      { role_arn: arn, mfa_serial: serial },
      {
        role_arn: arn,
        mfa_serial: serial,
        role_session_name: 'me',
        external_id: 'a "b"/ü\\',
        duration_seconds: '7200',
      },
      { role_arn: arn, mfa_serial: 'GAHT12345678', duration_seconds: 'an hour', external_id: '\u{1f511}\u007f' },
    ]
    const script = `
import json, sys
from botocore.credentials import AssumeRoleCredentialFetcher
names = {"role_session_name": "RoleSessionName", "external_id": "ExternalId", "mfa_serial": "SerialNumber"}
for profile in json.load(sys.stdin):
    more = {names[name]: value for name, value in profile.items() if name in names}
    if profile.get("duration_seconds", "").isdigit():
        more["DurationSeconds"] = int(profile["duration_seconds"])
    print(AssumeRoleCredentialFetcher(None, None, profile["role_arn"], more)._cache_key)
`
    const desired = execFileSync('rehearsal/.venv/bin/python', ['-c', script], {
      input: JSON.stringify(profiles),
      encoding: 'utf8',
    })
    assert.deepEqual(profiles.map(sessionKey), desired.trim().split('\n'))
  })

  it('count until five minutes before their end, and not when they are damaged', async () => {
    const session = (end: string) => ({
      Credentials: { AccessKeyId: 'ASIA', SecretAccessKey: 's', SessionToken: 't', Expiration: end },
    })
    const now = Date.parse('2026-01-01T12:00:00Z')
    for (const [end, counts] of [
      ['2026-01-01T12:06:00Z', true],
      ['2026-01-01T12:06:00UTC', true],
      ['2026-01-01T12:06:00+00:00', true],
      ['2026-01-01T12:04:00Z', false],
      ['some day', false],
    ] as const) {
      await keepSession('a', session(end))
      assert.equal((await keptSession('a', now)) !== undefined, counts, end)
    }
    for (const damaged of ['', '{', '{}', '[]', '{"Credentials":{}}']) {
      writeFileSync(join(home, '.aws/cli/cache/a.json'), damaged)
      assert.equal(await keptSession('a', now), undefined, damaged)
    }
    assert.equal(await keptSession('none', now), undefined)
    assert.deepEqual(readdirSync(join(home, '.aws/cli/cache')), ['a.json'])
  })

  const assumer = (codes: (string | undefined)[], said: string[] = []) =>
    makeRoleAssumer({
      chain: [{ name: 'work', by: 'role', data: { role_arn: arn, mfa_serial: serial, source_profile: 'base' } }],
      region: 'us-east-1',
      requestHandler: {},
      askCode: (question) => {
        said.push(question)
        return Promise.resolve(codes.shift())
      },
      say: (words) => said.push(words),
    })
  const source = { accessKeyId: 'AKIA', secretAccessKey: 'secret' }
  const asked = { RoleArn: arn, SerialNumber: serial, TokenCode: '', RoleSessionName: 'me' }

  it('are asked for again when a code is wrong or none, three times at most', async () => {
    aws.answers['AssumeRole'] = ({ form }) => (form.get('TokenCode') === '111111' ? wrongCode : undefined)
    const said: string[] = []
    const { accessKeyId } = await assumer(['12345', '111111', ' 222222 '], said)(source, asked)
    assert.equal(accessKeyId, 'ASIACODED')
    assert.deepEqual(
      aws.calls.map(({ form }) => form.get('TokenCode')),
      ['111111', '222222'],
    )
    assert.equal(said.filter((words) => words.includes(serial)).length, 3)
    assert.ok(said.some((words) => /not taken: MultiFactorAuthentication failed/.test(words)))
    rmSync(join(home, '.aws'), { recursive: true })
    await assert.rejects(assumer(['111111', '111111', '111111', '222222'])(source, asked), (error) => {
      assert.ok(error instanceof RigletError)
      assert.equal(error.code, 'WRONG_CREDENTIALS')
      return /MFA device arn:\S+mfa\/me: MultiFactorAuthentication failed/.test(error.message)
    })
  })

  it('are not asked for again where a code does not help', async () => {
    aws.answers['AssumeRole'] = () => notTrusted
    await assert.rejects(assumer(['111111', '222222'])(source, asked), /Profile work may not take the role/)
    assert.equal(aws.calls.length, 1)
  })
})
