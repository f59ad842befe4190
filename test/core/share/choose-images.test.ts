import assert from 'node:assert/strict'
import { chooseImages } from '../../../scripts/core/share/choose-images.ts'
import { choice, chosenIds, image, local, tags } from './support.ts'

const byName = String.raw`web: { match: { name: "^acme-shop/.*/web/1\\.4" }, with: [stage] }`
const byTags = 'web: { match: { tags: { Image: web, Version: 1.4.2 } }, with: [stage] }'

describe('which images are shared', () => {
  it('are those that are available and whose name a regular expression finds (A19)', () => {
    const images = [
      image(1),
      image(2, { name: 'acme-shop/candidate/web/1.5.0' }),
      image(3, { state: 'pending' }),
      image(4, { state: 'disabled' }),
      image(5),
    ]
    assert.deepEqual(chosenIds(choice(byName, images)), ['ami-00000001 stage', 'ami-00000005 stage'])
  })

  it('are none that was revoked (B13)', () => {
    const revoked = image(2, { tags: { ...tags, Revoked: 'by hand' } })
    assert.deepEqual(chosenIds(choice(byTags, [image(1), revoked])), ['ami-00000001 stage'])
  })

  it('are those that carry all of the tags, also where a name has to fit as well (A22)', () => {
    const images = [image(1), image(2, { tags: { ...tags, Image: 'db' } }), image(3, { tags: { Image: 'web' } })]
    assert.deepEqual(chosenIds(choice(byTags, images)), ['ami-00000001 stage'])
    const both = 'web: { match: { name: "4.2$", tags: { Image: web } }, with: [stage] }'
    assert.deepEqual(chosenIds(choice(both, [image(1), image(2)])), ['ami-00000002 stage'])
  })

  it('are the one of a commit, told by whichever tag tells it, besides all else (A04, A22)', () => {
    const images = [
      image(1),
      image(2, { tags: { ...tags, Commit: 'deadbeef01' } }),
      image(3, { tags: { Image: 'web', Version: '1.4.2', GitSha: 'deadbeef02' } }),
    ]
    const of = (commit: string, tag = 'Commit') => chosenIds(choice(byTags, images, { commit, tag }))
    assert.deepEqual(of('c0ffee1'), ['ami-00000001 stage'])
    assert.deepEqual(of('deadbeef01'), ['ami-00000002 stage'])
    assert.deepEqual(of('deadbeef02', 'GitSha'), ['ami-00000003 stage'])
  })

  it('are one for each architecture of a commit; two of the same are an error that names both (A22)', () => {
    const one = { commit: 'c0ffee1', tag: 'Commit' }
    assert.deepEqual(choice(byTags, [image(1), image(2, { architecture: 'arm64' })], one).chosen.length, 2)
    assert.deepEqual(choice(byTags, [image(2), image(1)], one), {
      chosen: [],
      gaps: [
        {
          share: 'web',
          title: 'us-east-1',
          state: 'ambiguous',
          why: 'one image of commit c0ffee1 is meant, and these fit: ami-00000001, ami-00000002',
        },
      ],
    })
  })

  it('are not available where none fits, which is no error by itself (A22)', () => {
    const { chosen, gaps } = choice(byTags, [], { commit: 'deadbee', tag: 'Commit' })
    assert.deepEqual(
      [chosen, gaps.map(({ state, why }) => [state, why])],
      [[], [['not available', 'no image that is available fits of commit deadbee']]],
    )
  })

  it('are unknown where a place did not answer, and not absent (B15)', () => {
    const shares = local('web: { from: hub, match: { name: web }, with: [stage] }')
    const { chosen, gaps } = chooseImages(
      shares,
      ({ region }) =>
        region === 'eu-west-1' ? { type: 'unchecked', why: 'slow down' } : { type: 'found', images: [image(1)] },
      undefined,
    )
    assert.deepEqual(
      chosen.map(({ image: { id } }) => id),
      ['ami-00000001'],
    )
    assert.deepEqual(gaps, [{ share: 'web', title: '222222222222 eu-west-1', state: 'unchecked', why: 'slow down' }])
  })

  it('are one, with the tags of all shares that name it, the later before the earlier (A20)', () => {
    const two = `a: { match: { name: web }, with: [stage], tags: { Team: a, Tier: one } }
  b: { match: { tags: { Image: web } }, with: [stage, prod], tags: { Team: b } }`
    const { chosen } = choice(two, [image(1)])
    assert.deepEqual(
      chosen.map(({ consumer, defaults }) => [consumer.name, defaults]),
      [
        ['stage', { Team: 'b', Tier: 'one' }],
        ['prod', { Team: 'b' }],
      ],
    )
  })
})
