import assert from 'node:assert/strict'
import { nameRules } from '../../scripts/core/name-rules.ts'
import {
  channelPath,
  decodeVersion,
  encodeVersion,
  environments,
  imageName,
  parameterPath,
  stackName,
  tagsOf,
} from '../../scripts/core/names.ts'

const riglet = { owner: 'acme', project: 'shop' }
const longest = { owner: 'a'.repeat(12), project: 'b'.repeat(12) }
const source = { repo: 'shop', branch: 'main' }
const longSource = { repo: 'r'.repeat(100), branch: 'feature/'.repeat(12) }

describe('names', () => {
  it('spell the stacks of a riglet', () => {
    assert.equal(stackName.foundation(riglet, 'staging'), 'acme-shop-staging-foundation')
    assert.equal(stackName.artifacts(riglet), 'acme-shop-artifacts')
    assert.equal(stackName.pipeline(riglet, source), 'acme-shop-pipeline-shop-main')
    assert.equal(stackName.app(riglet, 'production', source), 'acme-shop-production-app-shop-main')
  })

  it('stay within the limits of every service, however long the words are', () => {
    const pipeline = stackName.pipeline(longest, longSource)
    assert.match(pipeline, /^[A-Za-z0-9.@_-]{1,100}$/)
    for (const environment of environments)
      assert.match(stackName.app(longest, environment, longSource), /^[A-Za-z][A-Za-z0-9-]{0,127}$/)
    // A bucket's name is the stack's, a logical id and twelve characters, 63 in all.
    assert.ok(`${stackName.artifacts(longest)}-artifactbucket-123456789012`.length <= 63)
  })

  it('tell candidates from published images by the name alone (G21)', () => {
    const inputs = '9f86d081884c7d659a2feaa0c55ad015'
    const now = new Date('2026-01-31T23:59:59.500Z')
    assert.equal(
      imageName.candidate(riglet, 'web', '1.4.2', inputs, now),
      'acme-shop/candidate/web/1.4.2-9f86d081-20260131T235959Z',
    )
    assert.equal(imageName.published(riglet, 'web', '1.4.2', inputs), 'acme-shop/web/1.4.2-9f86d081')
  })

  it('carry any version through an image name and back', () => {
    for (const version of ['1.22.1-9+deb12u1', '1:2.0~rc1', '1.4.2', '2.0^1']) {
      assert.equal(decodeVersion(encodeVersion(version)), version)
      assert.match(encodeVersion(version), /^[A-Za-z0-9()[\] ./'@_-]+$/)
    }
  })

  it('put parameters below the riglet, and its tags on everything', () => {
    assert.equal(parameterPath(riglet, 'REPO'), '/acme/shop/REPO')
    assert.equal(channelPath(riglet, 'stable', 'web'), '/acme/shop/channel/stable/web')
    assert.deepEqual(tagsOf(riglet), { Owner: 'acme', Project: 'shop' })
    assert.deepEqual(tagsOf(riglet, 'staging'), { Owner: 'acme', Project: 'shop', Environment: 'staging' })
  })
})

describe('name rules', () => {
  const cases: readonly [keyof typeof nameRules, readonly string[], readonly string[]][] = [
    [
      'owner',
      ['acme', 'a', 'a-b-c', 'xnor', 'three', 'a1', 'a'.repeat(12)],
      ['Acme', '1a', 'a--b', 'a-', 'awsome', 'ssmx', 'xn', 'xn-a', 'sthree', 'amzn-s3-demo', 'a_b', '', 'a'.repeat(13)],
    ],
    ['branch', ['main', 'feature/x', 'v1.2'], ['a..b', '/x', 'x/', 'a//b', 'a b', 'x@{1}', '-x']],
    ['repo', ['shop', 'My.repo_1'], ['1shop', 'a/b', 'a b']],
    [
      'region',
      ['us-east-1', 'ca-central-1', 'ap-southeast-2'],
      ['us', 'frankfurt', 'us-east', 'cn-north-1', 'cn-northwest-1', 'us-gov-west-1'],
    ],
    ['image', ['web', 'ami-0123456789abcdef0', 'ami-01234567'], ['Web', 'ami-xyz1', 'web image']],
    ['environment', ['integration', 'staging', 'production'], ['prod', '', 'Staging']],
    ['hostName', ['shop.example.com', '*.example.com'], ['shop', 'https://x.y', 'a b.com']],
  ]
  for (const [rule, good, bad] of cases)
    it(`take and refuse what AWS does: ${rule}`, () => {
      for (const word of good) assert.match(word, nameRules[rule].pattern)
      for (const word of bad) assert.doesNotMatch(word, nameRules[rule].pattern)
    })
})
