import assert from 'node:assert/strict'
import { chainOf, faultsOf, malformedLines, remedyOf, type Profiles } from '../../../scripts/core/access/profiles.ts'

const keys = { aws_access_key_id: 'AKIA', aws_secret_access_key: 'secret' }
const role = { role_arn: 'arn:aws:iam::123456789012:role/ship' }
const profiles: Profiles = {
  keys,
  half: { aws_access_key_id: 'AKIA' },
  own: { ...role, ...keys, source_profile: 'own' },
  role: { ...role, source_profile: 'middle' },
  middle: { ...role, source_profile: 'sso', mfa_serial: 'arn:mfa' },
  sso: { sso_session: 'acme', sso_account_id: '1', sso_role_name: 'r' },
  legacy: { sso_start_url: 'https://x', sso_account_id: '1', sso_role_name: 'r', sso_region: 'r' },
  astray: { sso_session: 'nowhere', sso_account_id: '1', sso_role_name: 'r' },
  process: { credential_process: 'vault' },
  web: { ...role, web_identity_token_file: '/token' },
  login: { login_session: 'x' },
  instance: { ...role, credential_source: 'Ec2InstanceMetadata' },
  moon: { ...role, credential_source: 'Moon' },
  neither: role,
  both: { ...role, source_profile: 'keys', credential_source: 'Environment' },
  gone: { ...role, source_profile: 'nobody' },
  round: { ...role, source_profile: 'about' },
  about: { ...role, source_profile: 'round' },
  self: { ...role, source_profile: 'self' },
  empty: { region: 'eu-west-1' },
}
const sessions: Profiles = { acme: {} }
const faults = (name: string): readonly string[] => faultsOf(chainOf(name, profiles), profiles, sessions)
const remedy = (name: string): string => remedyOf(chainOf(name, profiles))

describe('profiles', () => {
  it('are followed to where their credentials come from', () => {
    const words = (name: string): string =>
      chainOf(name, profiles)
        .map((link) => `${link.name}: ${link.by}`)
        .join(', ')
    assert.equal(words('role'), 'role: role, middle: role, sso: sso')
    assert.equal(words('own'), 'own: role, own: keys')
    assert.equal(words('web'), 'web: web identity')
    assert.equal(words('empty'), 'empty: nothing')
    assert.equal(words('nobody'), '')
    assert.equal(words('toString'), '')
  })

  it('that can work have no fault', () => {
    for (const name of ['keys', 'own', 'role', 'sso', 'legacy', 'process', 'web', 'login', 'instance', 'empty'])
      assert.deepEqual(faults(name), [], name)
  })

  const wrong: readonly [string, RegExp][] = [
    ['half', /profile half has one of aws_access_key_id and aws_secret_access_key, not both/],
    ['neither', /profile neither has a role_arn, and neither source_profile nor credential_source/],
    ['both', /profile both has both/],
    ['gone', /source_profile = nobody of profile gone does not exist/],
    ['moon', /credential_source = Moon of profile moon is none of Environment/],
    ['astray', /there is no \[sso-session nowhere\]/],
    ['round', /circle: round -> about -> round/],
    ['self', /circle: self -> self/],
  ]
  for (const [name, words] of wrong)
    it(`that cannot say why: ${name}`, () => {
      const found = faults(name)
      assert.equal(found.length, 1)
      assert.match(found[0]!, words)
    })

  it('advise a login only where one helps', () => {
    assert.equal(remedy('role'), 'Log in: aws sso login --profile sso')
    assert.equal(remedy('legacy'), 'Log in: aws sso login --profile legacy')
    assert.equal(remedy('login'), 'Log in: aws login --profile login')
    for (const name of ['keys', 'own', 'process', 'web', 'instance', 'empty'])
      assert.doesNotMatch(remedy(name), /login --/, name)
    assert.match(remedy('process'), /credential_process of profile process/)
  })

  it('stand in files whose every line means something; values stay unsaid', () => {
    const text = [
      'region = moon',
      '# a comment',
      '[default]',
      'region=eu-west-1',
      's3 =',
      '  max_queue_size = 10',
      '[profile work',
      'aws_secret_access_key: wJalrXUtnFEMI',
      'role_arn arn:aws:iam::1:role/x',
      '[profile b] ; fine',
      'wJalrXUtnFEMIK7MDENG/bPxRfiCYEXAMPLEKEY',
      'output = json',
    ].join('\r\n')
    const found = malformedLines(text)
    assert.deepEqual(
      found.map(({ line, what }) => `${line} ${what}`),
      [
        '1 stands before any [section]',
        '7 begins with [ and is no [section]',
        '8 is not of the form aws_secret_access_key = value',
        '9 is not of the form role_arn = value',
        '11 is not of the form name = value',
      ],
    )
  })
})
