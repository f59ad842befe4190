import assert from 'node:assert/strict'
import { chooseAccess, packerAccess } from '../../../scripts/core/access/access.ts'

const keys = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret' }

describe('by what AWS knows us', () => {
  const cases: readonly [string, Record<string, string>, string | undefined, object][] = [
    [
      'what was typed, before keys',
      { ...keys, PROFILE: 'typed', AWS_PROFILE: 'other' },
      'typed',
      { type: 'profile', profile: 'typed', from: 'PROFILE' },
    ],
    [
      'keys, before AWS_PROFILE',
      { ...keys, AWS_PROFILE: 'other' },
      'other',
      { type: 'keys', aside: 'AWS_PROFILE=other' },
    ],
    ['keys, before .make', keys, 'made', { type: 'keys', aside: 'PROFILE=made' }],
    ['keys alone', keys, undefined, { type: 'keys' }],
    ['AWS_PROFILE', { AWS_PROFILE: 'other' }, 'other', { type: 'profile', profile: 'other', from: 'AWS_PROFILE' }],
    ['.make', { AWS_ACCESS_KEY_ID: '' }, 'made', { type: 'profile', profile: 'made', from: '.make' }],
    ['nothing that was named', {}, undefined, { type: 'default' }],
  ]
  for (const [title, environment, profile, desired] of cases)
    it(`is ${title}`, () => assert.deepEqual(chooseAccess(environment, profile), desired))

  it('is never half a pair of keys', () => {
    assert.throws(
      () => chooseAccess({ AWS_ACCESS_KEY_ID: 'AKIA' }, 'made'),
      /AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not/,
    )
    assert.throws(() => chooseAccess({ AWS_SECRET_ACCESS_KEY: 'x' }, undefined), /AWS_ACCESS_KEY_ID is not/)
  })

  it('is the same for Packer, which knows nothing of .make, of a code or of ALL_PROXY', () => {
    const region = 'eu-west-1'
    const access = { type: 'profile', profile: 'work', from: '.make' } as const
    const named: Record<string, string | undefined> = {
      ...keys,
      AWS_SESSION_TOKEN: 'old',
      ...packerAccess({ region, access }),
    }
    assert.deepEqual(
      [
        named['AWS_REGION'],
        named['AWS_PROFILE'],
        named['AWS_ACCESS_KEY_ID'],
        named['AWS_SECRET_ACCESS_KEY'],
        named['AWS_SESSION_TOKEN'],
      ],
      [region, 'work', undefined, undefined, undefined],
    )
    const session = { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 't' }
    const opened = packerAccess({ region, access, session })
    assert.deepEqual(
      [opened['AWS_PROFILE'], opened['AWS_ACCESS_KEY_ID'], opened['AWS_SESSION_TOKEN']],
      [undefined, 'ASIA', 't'],
    )
    const byKeys = { ...keys, AWS_PROFILE: 'other', ...packerAccess({ region, access: { type: 'keys' } }) }
    assert.deepEqual([byKeys.AWS_ACCESS_KEY_ID, byKeys.AWS_PROFILE], ['AKIA', undefined])
    const proxy = { url: 'http://p:1/', variable: 'ALL_PROXY', shown: '' }
    const proxies = { http: undefined, https: proxy, except: [] }
    assert.equal(packerAccess({ region, access, proxies })['HTTPS_PROXY'], 'http://p:1/')
  })
})
