import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { check, type Told } from './support/home.ts'
import { hence } from './support/identity.ts'
import { freshPerson, whoAmI } from './support/person.ts'

describe('credentials', function () {
  this.timeout(90_000)
  const person = freshPerson()
  const { signer } = person

  describe('that want a code', () => {
    const cache = (): string => join(person.home.path, '.aws/cli/cache')
    const asked = (): number => person.aws.calls.filter(({ form }) => form.has('TokenCode')).length
    const atTerminal = (profile: string): Promise<Told> =>
      person.home.run({ ...person.base, AWS_PROFILE: profile }, [
        'rehearsal/.venv/bin/python',
        'test/scripts/support/terminal.py',
        'Code of the MFA device',
        '123456\r',
        ...check,
      ])

    it('are asked for it at a terminal, once, and kept for this user alone until they end', async () => {
      const { stdout } = await atTerminal('code')
      assert.match(stdout, /settings are complete[^]*exit code 0/)
      assert.equal(person.aws.calls.find(({ what }) => what === 'AssumeRole')?.form.get('TokenCode'), '123456')
      assert.equal(signer(), 'ASIACODED')
      const files = readdirSync(cache())
      assert.equal(files.length, 1)
      assert.equal(statSync(join(cache(), files[0]!)).mode & 0o777, 0o600)
      assert.equal(statSync(cache()).mode & 0o777, 0o700)

      const again = await person.home.run({ ...person.base, AWS_PROFILE: 'code' })
      assert.equal(again.code, 0, again.stderr)
      assert.deepEqual([asked(), signer()], [1, 'ASIACODED'])
      const beyond = await person.home.run({ ...person.base, AWS_PROFILE: 'beyond' })
      assert.deepEqual([beyond.code, asked(), signer()], [0, 1, 'ASIABEYOND'])

      const path = join(cache(), files[0]!)
      const kept = JSON.parse(readFileSync(path, 'utf8')) as { Credentials: { Expiration: string } }
      kept.Credentials.Expiration = hence(0.05)
      person.home.write(`.aws/cli/cache/${files[0]}`, JSON.stringify(kept))
      const late = await person.home.run({ ...person.base, AWS_PROFILE: 'code' })
      assert.match(late.stderr, /wants a code/)
    })

    it('are shared with the aws CLI, both ways', async () => {
      await atTerminal('code')
      person.aws.calls.length = 0
      const cli = await person.home.run(
        { ...person.base, AWS_PROFILE: 'code', AWS_DEFAULT_REGION: 'us-east-1' },
        whoAmI,
      )
      assert.equal(cli.code, 0, cli.stderr)
      assert.deepEqual([asked(), signer()], [0, 'ASIACODED'])

      rmSync(cache(), { recursive: true })
      person.aws.calls.length = 0
      const { stdout, stderr } = await promisify(execFile)('rehearsal/.venv/bin/python', ['-c', byBotocore], {
        cwd: resolve(import.meta.dirname, '../..'),
        env: {
          PATH: process.env['PATH'],
          HOME: person.home.path,
          ...person.base,
          AWS_PROFILE: 'code',
          AWS_DEFAULT_REGION: 'us-east-1',
        },
      })
      assert.match(stdout, /ASIACODED/, stderr)
      assert.equal(asked(), 1)
      const riglet = await person.home.run({ ...person.base, AWS_PROFILE: 'code' })
      assert.equal(riglet.code, 0, riglet.stderr)
      assert.deepEqual([asked(), signer()], [1, 'ASIACODED'])
    })
  })
})

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
