import assert from 'node:assert/strict'
import { changesBetween, entriesOf } from '../../../scripts/core/distribution/document.ts'
import { planPublication, publicationTime } from '../../../scripts/core/distribution/plan-publication.ts'
import { holds } from '../../../scripts/core/distribution/plan-replica.ts'
import { type Held, type Seen } from '../../../scripts/core/distribution/replica.ts'
import { candidate, name, now, replicaOf, seen, replica, copy } from './support.ts'

describe('the plan of a publication', () => {
  const plan = (
    yaml: string,
    held: Held,
    more: Partial<Extract<Seen, { type: 'seen' }>> = {},
    published = '2026-02-01T08:00:00Z',
  ) => planPublication(replicaOf(yaml), seen([held], more), published, now)
  const bare = { ...candidate, encrypted: [] }
  const openly = (
    held: Partial<Held>,
    more: Partial<Extract<Seen, { type: 'seen' }>> = {},
    yaml = '{ regions: [eu-west-1], public: true }',
  ) =>
    planPublication(
      replicaOf(yaml, 'eu-west-1', bare),
      seen([{ ...copy, encrypted: [], ...held }], more),
      '2026-02-01T08:00:00Z',
      now,
    )

  it('protects, tags and deprecates before anybody may see it (G15)', () => {
    const { steps } = plan(
      '{ regions: [eu-west-1], shareWith: [customer], deprecation: 30, tags: { Team: web } }',
      copy,
    )
    assert.deepEqual(steps, [
      { type: 'protect' },
      { type: 'tag', tags: { Team: 'web', Published: '2026-02-01T08:00:00Z' } },
      { type: 'deprecate', at: '2026-03-03T08:00:00Z' },
      { type: 'share', with: ['333333333333'] },
    ])
    const open = openly({}).steps.map(({ type }) => type)
    assert.deepEqual(open, ['protect', 'tag', 'open'])
  })

  it('holds once all of it reads as it should be, and says which entry may be written (B03, G03)', () => {
    const yaml = '{ regions: [eu-west-1], shareWith: [customer], deprecation: 30 }'
    const done: Held = {
      ...copy,
      protected: true,
      tags: { ...copy.tags, Published: '2026-02-01T08:00:00Z' },
      deprecation: '2026-03-03T08:00:00.000Z',
      sharedWith: ['333333333333'],
    }
    assert.ok(holds(plan(yaml, done)))
    const broken: readonly Partial<Held>[] = [
      { protected: false },
      { tags: copy.tags },
      { deprecation: '2027-03-03T08:00:00.000Z' },
      { sharedWith: [] },
      { state: 'pending' },
      { encrypted: [] },
    ]
    for (const one of broken) assert.ok(!holds(plan(yaml, { ...done, ...one })), JSON.stringify(one))
    assert.deepEqual(entriesOf([plan(yaml, done)]), {
      'eu-west-1': [
        { architecture: 'x86_64', deprecation_time: '2026-03-03T08:00:00Z', id: 'ami-00000002', name, public: false },
      ],
    })
  })

  it('refuses what is not replicated yet', () => {
    const { faults, steps } = planPublication(replica, seen([]), '2026-02-01T08:00:00Z', now)
    assert.deepEqual([faults, steps], [['it is not replicated here yet: make replicate IMAGE=web'], []])
  })

  it('explains an account that blocks public images, with what lifts it', () => {
    const { faults, steps } = openly({}, { publicBlocked: true })
    assert.match(
      faults[0]!,
      /^eu-west-1 blocks public sharing of images.*disable-image-block-public-access --region eu-west-1$/,
    )
    assert.deepEqual(steps, [])
  })

  it('counts a deprecation from the first publication anywhere, so that all regions agree', () => {
    const told = (Published: string) => ({ held: { ...copy, tags: { Published } } })
    assert.equal(publicationTime([{ held: undefined }, { held: copy }], now), '2026-02-01T08:00:00Z')
    assert.equal(
      publicationTime([told('2026-01-31T10:00:00Z'), told('2026-01-30T10:00:00Z')], now),
      '2026-01-30T10:00:00Z',
    )
    assert.equal(publicationTime([told('nonsense')], now), '2026-02-01T08:00:00Z')
  })

  it('asks for no time that AWS would refuse: none in the past, none beyond two years of a public image', () => {
    const late = plan('{ regions: [eu-west-1], deprecation: 1 }', copy, {}, '2025-01-01T00:00:00Z')
    assert.deepEqual(
      late.steps.find(({ type }) => type === 'deprecate'),
      { type: 'deprecate', at: '2026-02-01T08:02:00Z' },
    )
    const over: Held = { ...copy, deprecation: '2026-02-01T07:00:00.000Z' }
    const again = plan('{ regions: [eu-west-1], deprecation: 1 }', over, {}, '2025-01-01T00:00:00Z')
    assert.ok(!again.steps.some(({ type }) => type === 'deprecate'))
    const open = openly(
      { created: '2026-01-01T00:00:00.000Z' },
      {},
      '{ regions: [eu-west-1], public: true, deprecation: 730 }',
    )
    assert.deepEqual(
      open.steps.find(({ type }) => type === 'deprecate'),
      { type: 'deprecate', at: '2028-01-01T00:00:00Z' },
    )
  })

  it('lifts a deprecation that is not wanted any more, but not the one that AWS gives what is public', () => {
    const deprecated = { deprecation: '2028-01-01T00:00:00.000Z' }
    assert.ok(
      plan('{ regions: [eu-west-1] }', { ...copy, ...deprecated }).steps.some(
        (step) => step.type === 'deprecate' && step.at === null,
      ),
    )
    assert.ok(!openly(deprecated).steps.some(({ type }) => type === 'deprecate'))
  })

  it('takes nothing back in passing, and says what differs', () => {
    const { notes } = plan('{ regions: [eu-west-1] }', { ...copy, public: true, sharedWith: ['444444444444'] })
    assert.deepEqual(notes, [
      'ami-00000002 is public, and images.yaml does not say so',
      'ami-00000002 is shared with 444444444444, whom images.yaml does not name: make unshare NAME=444444444444',
    ])
  })

  it('tells what consumers would get another image for', () => {
    const entry = { architecture: 'x86_64', deprecation_time: null, id: 'ami-00000009', name, public: false }
    const after = { web: { 'eu-west-1': [{ ...entry, id: 'ami-00000008' }] }, app: { 'us-east-1': [entry] } }
    assert.deepEqual(changesBetween({ web: { 'eu-west-1': [entry] }, app: { 'us-east-1': [entry] } }, after), [
      { useCase: 'web', region: 'eu-west-1', architecture: 'x86_64', from: 'ami-00000009', to: 'ami-00000008' },
    ])
  })
})
