import assert from 'node:assert/strict'
import { planShare, sharedTags, type SeenThere } from '../../../scripts/core/share/plan-share.ts'
import type { ImageFacts } from '../../../scripts/core/image/image-facts.ts'
import { choice, image, riglet, tags } from './support.ts'

const share = 'web: { match: { name: web }, with: [stage], tags: { Tier: web, Team: theirs } }'
const chosenOf = (facts: ImageFacts = image(1)) => choice(share, [facts]).chosen[0]!
const noKeys = { snapshotKeys: new Map(), managed: undefined }
const seen = (...images: readonly ImageFacts[]): SeenThere => ({ type: 'seen', images, keys: new Map() })
const all = { ...tags, Tier: 'web', Payer: 'stage', Team: 'ours', ManagedBy: 'riglet acme-shop' }
const snapshot = 'snap-ami-00000001'
const encrypted = image(1, { encrypted: [snapshot] })
const mine = 'arn:aws:kms:us-east-1:111111111111:key/1'
const under = (key: string, managed?: string) => ({ snapshotKeys: new Map([[snapshot, key]]), managed })

describe('what is missing so that an account has an image', () => {
  it('is its own tags, then those of the share, of the account, and whose it is; later ones win (A07, A20)', () => {
    const facts = image(1, { tags: { ...tags, Tier: 'none', ManagedBy: 'hand', 'aws:cloudformation:stack-name': 'x' } })
    assert.deepEqual(sharedTags(chosenOf(facts), riglet), all)
  })

  it('is a share and all tags where it does not see the image (A06)', () =>
    assert.deepEqual(planShare(chosenOf(), noKeys, seen(), riglet).steps, [
      { type: 'share', with: ['333333333333'] },
      { type: 'tag', tags: all },
    ]))

  it('is only what differs of the tags where it does, by the same id; what it tagged itself stays (A08, A21)', () => {
    const there = image(1, { tags: { ...all, Team: 'nobody', Own: 'word' } })
    assert.deepEqual(planShare(chosenOf(), noKeys, seen(image(2), there), riglet).steps, [
      { type: 'tag', tags: { Team: 'ours' } },
    ])
    assert.deepEqual(planShare(chosenOf(), noKeys, seen(image(1, { tags: all })), riglet).steps, [])
  })

  it('is unknown where the account did not answer (B15)', () => {
    const { steps, unchecked } = planShare(chosenOf(), noKeys, { type: 'unchecked', why: 'slow down' }, riglet)
    assert.deepEqual([steps, unchecked], [[], 'slow down'])
  })

  it('cannot be done with more tags than AWS takes, those there among them', () => {
    const own = Object.fromEntries(Array.from({ length: 43 }, (_, index) => [`Own${index}`, 'x']))
    const { steps, fault } = planShare(chosenOf(), noKeys, seen(image(1, { tags: own })), riglet)
    assert.deepEqual([steps, fault], [[], 'it would have 52 tags there, and AWS takes no more than 50'])
  })

  it('cannot be done under the key that AWS manages, whatever the account says (B10)', () => {
    const managed = 'arn:aws:kms:us-east-1:111111111111:key/aws'
    const { steps, fault } = planShare(
      chosenOf(encrypted),
      under(managed, managed),
      { type: 'unchecked', why: 'x' },
      riglet,
    )
    assert.deepEqual(steps, [])
    assert.match(fault!, /^ami-00000001 is encrypted under aws\/ebs \(arn:.*key\/aws\), which AWS manages and no other/)
  })

  it('cannot be done under a key that the account cannot see, and says whose policy has to change (B10)', () => {
    const there = (why: string | undefined): SeenThere => ({ type: 'seen', images: [], keys: new Map([[mine, why]]) })
    const { steps, fault } = planShare(chosenOf(encrypted), under(mine, 'other'), there('not authorized'), riglet)
    assert.deepEqual(steps, [])
    assert.match(fault!, /is encrypted under arn:\S+key\/1, which 333333333333 cannot use: not authorized\. The policy/)
    assert.equal(planShare(chosenOf(encrypted), under(mine, 'other'), there(undefined), riglet).steps.length, 2)
  })
})
