import assert from 'node:assert/strict'
import { RigletError } from '../../../scripts/core/errors.ts'
import { withMissing } from '../../../scripts/core/settings/make-file.ts'
import { readSettings, saysYes, type SettingName } from '../../../scripts/core/settings/settings.ts'

const fails = (needed: SettingName[], environment: Record<string, string>, file?: string): RigletError => {
  try {
    readSettings(needed, environment, file)
  } catch (error) {
    assert.ok(error instanceof RigletError)
    return error
  }
  assert.fail('nothing was refused')
}

describe('settings', () => {
  it('come from .make, with comments, spaces and quotes (R02)', () => {
    const text = '# mine\n\nOWNER=acme\nPROJECT = shop\nREASON="too late"\r\nREGION:=eu-central-1\n'
    const settings = readSettings(['OWNER', 'PROJECT', 'REGION'], {}, text)
    assert.deepEqual(settings, { OWNER: 'acme', PROJECT: 'shop', REASON: 'too late', REGION: 'eu-central-1' })
  })

  it('come from the environment first; empty values count as absent', () => {
    const settings = readSettings([], { OWNER: 'zeta', PROJECT: '' }, 'OWNER=acme\nPROJECT=shop\n')
    assert.deepEqual(settings, { OWNER: 'zeta', PROJECT: 'shop' })
  })

  it('that were typed empty are empty where a stack keeps them, and else absent, whatever .make says', () => {
    const file = 'HOST_NAME=shop.example.com\nPROFILE=acme\nEMAIL_ADDRESS=\n'
    assert.deepEqual(readSettings([], { TYPED_EMPTY: 'HOST_NAME PROFILE JSON', HOST_NAME: '' }, file), {
      HOST_NAME: '',
    })
    assert.match(fails(['OWNER'], { TYPED_EMPTY: 'OWNER' }, 'OWNER=acme\n').message, /OWNER is missing/)
  })

  it('say nothing where a shell or a build merely exports them empty', () => {
    assert.deepEqual(readSettings([], { HOST_NAME: '', CERTIFICATE_ARN: '' }, 'HOST_NAME=shop.example.com\n'), {
      HOST_NAME: 'shop.example.com',
      ofMakeFile: ['HOST_NAME'],
    })
  })

  it('take region and profile from the words that AWS tools know', () => {
    assert.equal(readSettings([], { AWS_REGION: 'us-east-1' }, '').REGION, 'us-east-1')
    assert.equal(readSettings([], { AWS_DEFAULT_REGION: 'us-east-1', REGION: 'eu-west-1' }, '').REGION, 'eu-west-1')
    assert.equal(readSettings([], { AWS_PROFILE: 'work' }, '').PROFILE, 'work')
  })

  it('name every fault at once, with file and line, and every missing one (R04)', () => {
    const text = 'OWNER=Acme Corp\nwhat is this\nOWNR=acme\nPROFILE=a\nPROFILE=b\n'
    const { message, remedy, exitCode } = fails(['OWNER', 'PROJECT', 'REGION', 'ENV'], {}, text)
    assert.match(message, /^7 settings are wrong or missing\.$/m)
    assert.match(message, /\.make:1: OWNER=Acme Corp is not 1 to 12 of/)
    assert.match(message, /\.make:2: not of the form NAME=value: what is this/)
    assert.match(message, /\.make:3: OWNR is not a setting/)
    assert.match(message, /\.make:5: PROFILE stands already at \.make:4/)
    assert.match(message, /PROJECT is missing; it belongs in \.make or on the command line: PROJECT=shop/)
    assert.match(message, /ENV is missing; it belongs on the command line: ENV=integration/)
    assert.equal(remedy, '')
    assert.equal(exitCode, 2)
  })

  it('refuse what EC2 refuses as the tag of a commit, and what is a tag of riglet, with file and line', () => {
    for (const tag of ['aws:commit', 'Inputs', 'a"b', 'x'.repeat(128)])
      assert.match(
        fails([], {}, `OWNER=acme\nCOMMIT_TAG=${tag}\n`).message,
        /\.make:2: COMMIT_TAG=.* is not the name of a/,
      )
  })

  it('say where to begin when there is no .make at all', () => {
    assert.match(fails(['OWNER'], {}).remedy, /Copy \.make\.example to \.make/)
    assert.equal(fails(['ENV'], {}).remedy, '')
  })

  it('name the variable of the environment that holds a wrong value', () => {
    assert.match(
      fails([], { ENV: 'prod' }, '').message,
      /ENV \(environment\): ENV=prod is not integration, staging, production/,
    )
    assert.match(
      fails([], { AWS_REGION: 'moon' }, '').message,
      /AWS_REGION \(environment\): REGION=moon is not a region/,
    )
  })

  it('refuse the regions of China and GovCloud, and say what is missing there', () => {
    for (const region of ['cn-north-1', 'us-gov-west-1'])
      assert.match(
        fails([], { AWS_REGION: region }, '').message,
        new RegExp(`REGION=${region} is not a region .*China and GovCloud.* no tags with CreateImage.*CodePipeline`),
      )
  })

  it('never repeat a long value in full', () => {
    const secret = 'x'.repeat(500)
    assert.ok(!fails([], { ENV: secret }, '').message.includes(secret))
  })

  it('understand yes and no', () => {
    for (const word of ['1', 'yes', 'TRUE']) assert.equal(saysYes({ YES: word }), true)
    for (const word of ['0', 'no', 'false']) assert.equal(saysYes({ YES: word }), false)
    assert.equal(saysYes({}), false)
  })
})

describe('.make', () => {
  it('is begun with what was answered', () => {
    const text = withMissing(undefined, { OWNER: 'acme', PROJECT: 'shop', EMAIL_ADDRESS: undefined, PROFILE: '' })
    assert.match(text, /^# .+\nOWNER=acme\nPROJECT=shop\n$/)
  })

  it('keeps what stands there, and gets only what is missing', () => {
    assert.equal(
      withMissing('OWNER = zeta\n# note', { OWNER: 'acme', REGION: 'eu-west-1' }),
      'OWNER = zeta\n# note\nREGION=eu-west-1\n',
    )
  })

  it('has its empty lines filled in place, whatever else is in them', () => {
    assert.equal(
      withMissing('OWNER=\r\n  PROJECT := ""\n#REGION=\nREPO= \nBRANCH=main', {
        OWNER: 'acme',
        PROJECT: 'shop',
        REGION: 'eu-west-1',
        REPO: '$&',
        BRANCH: 'develop',
      }),
      'OWNER=acme\r\n  PROJECT := shop\n#REGION=\nREPO= $&\nBRANCH=main\nREGION=eu-west-1\n',
    )
  })
})
