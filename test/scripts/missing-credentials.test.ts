import assert from 'node:assert/strict'
import { hence } from './support/identity.ts'
import { own, freshPerson } from './support/person.ts'

describe('credentials', function () {
  this.timeout(90_000)
  const person = freshPerson()
  const { signer, login } = person

  describe('that cannot be had', () => {
    const fails = async (environment: Record<string, string>): Promise<string> => {
      const told = await person.home.run({ ...person.base, ...environment })
      assert.equal(told.code, 1, told.stdout + told.stderr)
      assert.doesNotMatch(told.stderr, /\n +at /)
      assert.equal(signer(), undefined, 'somebody else was asked for')
      return told.stderr
    }
    // What is running here must never stand in for the profile that was meant.
    const uri = (): Record<string, string> => ({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${person.aws.port}/container`,
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
      person.aws.answers['AssumeRole'] = () => ({
        status: 403,
        body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: x is not authorized</Message></Error></ErrorResponse>',
      })
      assert.match(
        await fails({ AWS_PROFILE: 'far' }),
        /Profile ship may not take the role arn:\S+role\/ship: User: x is not/,
      )
      person.aws.answers['AssumeRole'] = () => ({
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
      person.home.write(
        '.aws/config',
        `[profile ship]\nrole_arn arn:aws:iam::123456789012:role/ship\n${own('AKIASHIP')}\n`,
      )
      const stderr = await fails({ AWS_PROFILE: 'ship' })
      assert.match(stderr, /\.aws\/config:2: is not of the form role_arn = value/)
    })

    it('because the file cannot be read', async () => {
      assert.match(await fails({ AWS_CONFIG_FILE: person.home.path, AWS_PROFILE: 'made' }), /cannot be read: EISDIR/)
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
})
