import assert from 'node:assert/strict'
import type { Home } from './support/home.ts'
import { keys, own, freshPerson, whoAmI } from './support/person.ts'

describe('credentials (B24)', function () {
  this.timeout(90_000)
  const person = freshPerson()
  const { signer, login } = person

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
        const { code, stderr } = await person.home.run({ ...person.base, ...environment })
        assert.equal(code, 0, stderr)
        assert.equal(signer(), key)
        const aside = key === keys.AWS_ACCESS_KEY_ID
        assert.equal(/AWS_ACCESS_KEY_ID of the environment; AWS_PROFILE=\w+ does not count/.test(stderr), aside, stderr)
        assert.doesNotMatch(stderr, /Multiple credential sources/)
      })

    it('and the aws CLI itself does the same', async () => {
      const told = await person.home.run(
        { ...person.base, ...keys, AWS_PROFILE: 'other', AWS_DEFAULT_REGION: 'us-east-1' },
        whoAmI,
      )
      assert.equal(told.code, 0, told.stderr)
      assert.equal(signer(), keys.AWS_ACCESS_KEY_ID)
    })

    it('but never from half a pair of keys', async () => {
      const { code, stderr } = await person.home.run({
        ...person.base,
        AWS_ACCESS_KEY_ID: 'AKIA',
        AWS_PROFILE: 'other',
      })
      assert.equal(code, 2)
      assert.match(stderr, /AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not/)
      assert.deepEqual(person.aws.calls, [])
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
        const { code, stderr } = await person.home.run({
          ...person.base,
          PROFILE: profile,
          ...more?.(person.home, person.aws.port),
        })
        assert.equal(code, 0, stderr)
        assert.equal(signer(), key)
      })

    it('a web identity in the environment', async () => {
      const web = {
        AWS_WEB_IDENTITY_TOKEN_FILE: `${person.home.path}/token`,
        AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/pod',
      }
      const { code, stderr } = await person.home.run({ ...person.base, ...web })
      assert.equal(code, 0, stderr)
      assert.equal(signer(), 'ASIAPOD')
    })

    it('a container, under a profile that has only a region', async () => {
      const uri = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${person.aws.port}/container` }
      const { code, stderr } = await person.home.run({ ...person.base, ...uri, AWS_PROFILE: 'empty' })
      assert.equal(code, 0, stderr)
      assert.equal(signer(), 'ASIACONTAINER')
    })

    it('in files that stand elsewhere', async () => {
      person.home.write('elsewhere/config', '[profile moved]\nregion = us-east-1\n')
      person.home.write('elsewhere/keys', `[moved]\n${own('AKIAMOVED')}\n`)
      const files = {
        AWS_CONFIG_FILE: '~/elsewhere/config',
        AWS_SHARED_CREDENTIALS_FILE: `${person.home.path}/elsewhere/keys`,
      }
      const { code, stderr } = await person.home.run({ ...person.base, ...files, AWS_PROFILE: 'moved' })
      assert.equal(code, 0, stderr)
      assert.equal(signer(), 'AKIAMOVED')
    })
  })
})
