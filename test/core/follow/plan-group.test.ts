import assert from 'node:assert/strict'
import { planGroup, type GroupThere } from '../../../scripts/core/follow/plan-group.ts'
import { marksOf } from '../../../scripts/core/stack/owner.ts'
import type { StackState } from '../../../scripts/core/stack/state.ts'
import { imageFacts } from '../../fakes/regional.ts'
import { stackState } from '../../fakes/stacks.ts'

const [earlier, later] = ['1'.repeat(40), '2'.repeat(40)]
const stack = 'acme-shop-staging-group-web'
const place = { target: { region: 'us-east-1' }, region: 'us-east-1', account: undefined, title: 'us-east-1' }
const followed: GroupThere = {
  group: {
    name: 'web',
    environment: 'staging',
    repo: { url: 'https://github.com/acme/shop.git', ref: 'main', tagName: 'Commit' },
    tags: {},
    instanceType: 't3.small',
    minSize: 2,
    maxSize: 4,
    subnets: ['subnet-1'],
    securityGroups: ['sg-1'],
    targetGroups: [],
    warmup: 120,
  },
  place,
  buildPlace: undefined,
  stack,
  marks: marksOf({ owner: 'acme', project: 'shop' }, undefined, 'staging'),
}
const running = (status = 'UPDATE_COMPLETE', more: Partial<StackState> = {}): StackState =>
  stackState(stack, status, { parameters: { ImageId: 'ami-1', Commit: earlier }, ...more })
const plan = (state: StackState | undefined, commit: string, ...images: readonly string[]) =>
  planGroup(followed, { type: 'commit', commit }, { type: 'seen', state, images: images.map((id) => imageFacts(id)) })

describe('what is to become of a group', () => {
  it('is another image for another commit, and none for the same one (A11)', () => {
    assert.deepEqual(plan(running(), later, 'ami-2').next, { image: 'ami-2', commit: later })
    assert.deepEqual(plan(running(), earlier, 'ami-1').next, { image: 'ami-1', commit: earlier })
    assert.equal(plan(running(), earlier, 'ami-1').kept, undefined)
  })

  it('is no other image of the same commit: that would change without anybody having changed anything (A11)', () => {
    const { next, kept } = plan(running(), earlier, 'ami-3')
    assert.deepEqual([next, kept], [{ image: 'ami-1', commit: earlier }, 'ami-3 was built for the same commit'])
  })

  it('is the last known image, as its stack has it, where none is there (A12)', () => {
    const { next, kept, fault } = plan(running(), later)
    assert.deepEqual([next, fault], [{ image: 'ami-1', commit: earlier }, undefined])
    assert.match(kept!, /^us-east-1 has no image with Commit=2{40}, tagged by this account/)
  })

  it('is the last known image where the new one was revoked, and none at first (B13)', () => {
    const images = [imageFacts('ami-2', { tags: { Revoked: 'by hand', RevokedReason: 'CVE-2026-1234' } })]
    const after = (state: StackState | undefined) =>
      planGroup(followed, { type: 'commit', commit: later }, { type: 'seen', state, images })
    const { next, kept } = after(running())
    assert.deepEqual([next, kept], [{ image: 'ami-1', commit: earlier }, 'ami-2 is revoked CVE-2026-1234'])
    assert.equal(after(undefined).fault, 'ami-2 is revoked CVE-2026-1234')
  })

  it('is a first image, where an earlier run was killed before it made more than a plan', () => {
    const { now, next } = plan(running('REVIEW_IN_PROGRESS', { parameters: {} }), later, 'ami-2')
    assert.deepEqual([now, next], [undefined, { image: 'ami-2', commit: later }])
  })

  const refusals: readonly (readonly [string, StackState | undefined, RegExp])[] = [
    ['that is not there, without an image', undefined, /and there is none to fall back to$/],
    [
      'of another riglet',
      running('CREATE_COMPLETE', { tags: { Owner: 'acme', Project: 'other' } }),
      /^acme-shop-staging-group-web belongs to PROJECT=other$/,
    ],
    ['whose creation failed', running('ROLLBACK_COMPLETE'), /is ROLLBACK_COMPLETE: its creation failed/],
    [
      'whose roll-back failed',
      running('UPDATE_ROLLBACK_FAILED', { statusReason: 'no such subnet' }),
      /is UPDATE_ROLLBACK_FAILED \(no such subnet\): put right what that names, and continue its roll-back$/,
    ],
    [
      'that another run is making',
      running('CREATE_IN_PROGRESS', { changeSet: 'arn:aws:cloudformation:us-east-1:1:changeSet/riglet-1/2' }),
      /^another run is changing it: \S+ is CREATE_IN_PROGRESS since 2026-01-31T12:00:00Z by riglet-1, to ami-1 of 1{40}\./,
    ],
  ]
  for (const [what, state, words] of refusals)
    it(`is nothing for one ${what}`, () => {
      const { next, fault } = plan(state, later)
      assert.equal(next, undefined)
      assert.match(fault!, words)
    })
})
