import assert from 'node:assert/strict'
import { imageRevoked } from '../../../scripts/core/revocation/errors.ts'
import {
  revocationKeys,
  revocationOf,
  revocationTags,
  revocationWords,
  sharedBefore,
  sharingTags,
} from '../../../scripts/core/revocation/revocation.ts'

const revocation = {
  root: 'ami-0123456789abcdef0',
  at: '2026-02-01T08:00:00Z',
  by: 'arn:aws:iam::111111111111:user/ada',
  reason: 'CVE-2026-1: a hole',
}

describe('what the tags of a revoked image keep', () => {
  it('is read as it was put: reason, who and when (B13)', () => {
    assert.deepEqual(revocationOf({ Name: 'web', ...revocationTags(revocation) }), revocation)
    assert.equal(revocationOf({ Name: 'web' }), undefined)
  })

  it('fits into tags, however long a name is', () => {
    const by = `arn:aws:iam::111111111111:user/${'x/'.repeat(256)}ada`
    for (const value of Object.values(revocationTags({ ...revocation, by }))) assert.ok(value.length <= 256)
    assert.equal(revocationOf(revocationTags({ ...revocation, by }))?.root, revocation.root)
  })

  for (const said of ['', 'yes', 'by Ada'])
    it(`counts whatever it says, such as "${said}" by other hands`, () => {
      assert.deepEqual(revocationOf({ Revoked: said }), { root: '', at: '', by: '', reason: said })
      assert.match(imageRevoked('ami-1', revocationOf({ Revoked: said })!, 'x').remedy, /make unrevoke IMAGE_ID=ami-1$/)
    })

  it('keeps whom it was shared with, in as many tags as that takes, and finds them all to take off', () => {
    const accounts = Array.from({ length: 60 }, (_, index) => String(100_000_000_000 + index))
    const consumers = [...accounts, 'all', 'arn:aws:organizations::111111111111:organization/o-abcdefghij'].sort()
    const tags = sharingTags([...consumers, ...consumers])
    assert.deepEqual(Object.keys(tags), ['RevokedSharing', 'RevokedSharing2', 'RevokedSharing3', 'RevokedSharing4'])
    assert.ok(Object.values(tags).every((value) => value.length <= 256))
    assert.deepEqual(sharedBefore(tags), consumers)
    const all = { Name: 'web', RevokedSharingNote: 'x', ...revocationTags(revocation), ...tags }
    assert.deepEqual(revocationKeys(all), ['Revoked', 'RevokedReason', ...Object.keys(tags)])
    assert.deepEqual(sharingTags([]), {})
  })

  it('is told with the image that it is because of, where that is another one', () => {
    assert.equal(
      revocationWords(revocation, revocation.root),
      'since 2026-02-01T08:00:00Z, by arn:aws:iam::111111111111:user/ada: CVE-2026-1: a hole',
    )
    assert.match(
      revocationWords(revocation, 'ami-2'),
      /ada, because of ami-0123456789abcdef0, which it is a copy of or made of: CVE/,
    )
  })
})
