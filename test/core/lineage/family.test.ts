import assert from 'node:assert/strict'
import { ancestorsIn, descendantsOf, parentsOf } from '../../../scripts/core/lineage/family.ts'
import { rebuildsOf } from '../../../scripts/core/lineage/rebuilds.ts'
import { imageFacts } from '../../fakes/regional.ts'

const kin = (id: string, ...parents: readonly string[]) => ({ id, parents })
const family = [
  kin('copy', 'candidate', 'base'),
  kin('candidate', 'base'),
  kin('derived', 'copy'),
  kin('other', 'base'),
]

describe('the family of an image', () => {
  it('is told by what EC2 remembers, and by tags where it remembers nothing (B13)', () => {
    const source = { id: 'ami-2', region: 'eu-west-1' }
    assert.deepEqual(parentsOf({ source, tags: { SourceImageId: 'ami-1', CandidateImageId: 'ami-2' } }), [
      'ami-2',
      'ami-1',
    ])
    assert.deepEqual(parentsOf({ tags: { SourceImageId: '' } }), [])
  })

  it('has descendants over generations, and no sisters', () => {
    assert.deepEqual([...descendantsOf(['candidate'], family)].sort(), ['copy', 'derived'])
    assert.deepEqual([...descendantsOf(['base'], family)].sort(), ['candidate', 'copy', 'derived', 'other'])
    assert.deepEqual([...ancestorsIn(family)('derived')].sort(), ['base', 'candidate', 'copy'])
  })

  it('ends, though tags that somebody wrote lead in a circle', () => {
    const circle = [kin('a', 'b'), kin('b', 'a')]
    assert.deepEqual([...descendantsOf(['a'], circle)], ['b'])
    assert.deepEqual([...ancestorsIn(circle)('a')], ['b'])
  })
})

describe('which pipelines bake anew (B13)', () => {
  const lines = ['main', 'next'].map((branch) => ({ pipeline: `p-${branch}`, source: { repo: 'shop', branch } }))
  const made = (id: string, created: string, branch = 'main') =>
    imageFacts(id, { created, tags: { Image: 'web', BuiltFor: `pipeline shop ${branch}` } })
  const images = [made('ami-1', '2026-01-01'), made('ami-2', '2026-01-02'), made('ami-3', '2026-01-01', 'next')]

  it('is the one whose newest image is revoked, and none for an older one that nothing runs', () => {
    assert.deepEqual(rebuildsOf(lines, images, new Set(['ami-2']), new Map()), [
      { pipeline: 'p-main', why: 'its newest image is ami-2' },
    ])
    assert.deepEqual(rebuildsOf(lines, images, new Set(['ami-1']), new Map()), [])
  })

  it('is the one whose app runs what is revoked, whichever image that is', () => {
    assert.deepEqual(rebuildsOf(lines, images, new Set(['ami-1']), new Map([['p-next', ['app']]])), [
      { pipeline: 'p-next', why: 'app runs what is revoked' },
    ])
  })
})
