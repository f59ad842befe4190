import assert from 'node:assert/strict'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { local } from './support.ts'

const told = (share: string, home?: string) =>
  local(share, home).map(
    ({ title, consumers }) => `${title}: ${consumers.map(({ name, target }) => `${name} ${target.region}`).join(', ')}`,
  )

describe('where images are shared', () => {
  it("is the riglet's own region where nothing else is said, in its own account (A06, A19)", () =>
    assert.deepEqual(told('web: { match: { name: web }, with: [stage, prod] }'), [
      'us-east-1: stage us-east-1, prod us-east-1',
    ]))

  it('is where the account that the images are of has them, and each account gets only its own regions (A06, B16)', () =>
    assert.deepEqual(told('web: { from: hub, match: { name: web }, with: [stage, prod] }'), [
      '222222222222 us-east-1: stage us-east-1, prod us-east-1',
      '222222222222 eu-west-1: stage eu-west-1',
    ]))

  it('is each region that the share names', () =>
    assert.deepEqual(told('web: { match: { name: web }, with: [stage], regions: [eu-west-1, us-east-1] }'), [
      'eu-west-1: stage eu-west-1',
      'us-east-1: stage us-east-1',
    ]))

  it('is refused, by region and account, where an account may not have images in the only region there is (A19)', () =>
    assert.throws(
      () => told('web: { match: { name: web }, with: [stage, prod] }', 'ap-south-1'),
      ({ code, message }: RigletError) => {
        assert.equal(code, 'IMAGE')
        assert.deepEqual(message.split('\n').slice(1), [
          "  web: ap-south-1 is none of stage's regions (333333333333): us-east-1, eu-west-1",
          "  web: ap-south-1 is none of prod's regions (444444444444): us-east-1",
        ])
        return true
      },
    ))

  it('is one share alone, if that is named', () => {
    const two = 'web: { match: { name: web }, with: [stage] }\n  db: { match: { name: db }, with: [prod] }'
    assert.deepEqual(
      local(two, 'us-east-1', 'db').map(({ share }) => share.name),
      ['db'],
    )
    assert.throws(() => local(two, 'us-east-1', 'cache'), { code: 'NOT_FOUND', remedy: 'It has: db, web' })
  })
})
