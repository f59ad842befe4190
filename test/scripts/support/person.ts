import { createHash } from 'node:crypto'
import { makeHome, type Home } from './home.ts'
import { hence, openIdentities, type Identities } from './identity.ts'

const sha1 = (words: string): string => createHash('sha1').update(words).digest('hex')
export const device = 'arn:aws:iam::123456789012:mfa/me'
export const keys = { AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIK7MDENGbPxRfiCY' }
const role = (name: string): string => `role_arn = arn:aws:iam::123456789012:role/${name}`
export const own = (key: string): string => `aws_access_key_id = ${key}\naws_secret_access_key = secret`
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

/** A person with these profiles, and AWS as far as it tells who they are; fresh for each test of a suite. */
export type Person = {
  home: Home
  aws: Identities
  /** How a script of theirs finds that AWS. */
  base: Record<string, string>
  /** Whose key signed the call that tells who we are. */
  readonly signer: () => string | undefined
  /** Logs in to an SSO session by its name or its start page. */
  readonly login: (name: string, end?: string, more?: object) => void
}

export function freshPerson(): Person {
  const person = {
    signer: () => person.aws.calls.findLast(({ what }) => what === 'GetCallerIdentity')?.key,
    login: (name, end = hence(1), more = {}) =>
      person.home.write(
        `.aws/sso/cache/${sha1(name)}.json`,
        JSON.stringify({ accessToken: 'a', expiresAt: end, ...more }),
      ),
  } as Person
  beforeEach(async () => {
    person.home = makeHome()
    person.aws = await openIdentities()
    person.home.write('token', 'the.web.identity')
    person.home.write('.aws/config', config.replace('TOKEN', `${person.home.path}/token`))
    person.base = { AWS_ENDPOINT_URL: `http://127.0.0.1:${person.aws.port}` }
  })
  afterEach(() => {
    person.aws.close()
    person.home.remove()
  })
  return person
}

export const whoAmI = ['rehearsal/.venv/bin/aws', 'sts', 'get-caller-identity', '--output', 'text']
