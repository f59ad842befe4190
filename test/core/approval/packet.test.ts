import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { whatMoved } from '../../../scripts/core/approval/moved.ts'
import { digestOf, namesDigest, shortDigest, type Decisive } from '../../../scripts/core/approval/packet.ts'

export const image = (id: string, more: Partial<Decisive['newImage']> = {}): Decisive['newImage'] => ({
  id,
  state: 'available',
  version: '1.0.0',
  commit: '9f3c2e1aa',
  inputs: 'abcd',
  ...more,
})

export const decisive = (more: Partial<Decisive> = {}): Decisive => ({
  stack: 'acme-shop-production-app-web-main',
  deployedTemplate: 't1',
  deployedParameters: { ImageId: 'ami-1', MinSize: '2' },
  desiredTemplate: 't1',
  desiredParameters: { ImageId: 'ami-2', MinSize: '2' },
  oldImage: image('ami-1'),
  newImage: image('ami-2', { version: '2.0.0' }),
  changes: [
    {
      logicalId: 'Group',
      resourceType: 'AWS::AutoScaling::AutoScalingGroup',
      action: 'modify',
      replacement: 'no',
      properties: [],
    },
  ],
  wayBack: { image: 'ami-1', checks: [{ check: 'is there', outcome: 'proved', why: 'it is available' }] },
  ...more,
})

describe('approval digest', () => {
  it('is the same for the same state, however its members are ordered (B04)', () => {
    const again = JSON.parse(
      JSON.stringify(decisive({ deployedParameters: { MinSize: '2', ImageId: 'ami-1' } })),
    ) as Decisive
    assert.equal(digestOf(again), digestOf(decisive()))
  })

  const moves: readonly (readonly [string, Partial<Decisive>, RegExp])[] = [
    ['the template in force', { deployedTemplate: 't0' }, /template in force/],
    ['a deployed parameter', { deployedParameters: { ImageId: 'ami-1', MinSize: '3' } }, /MinSize 3, not 2/],
    ['the change set’s template', { desiredTemplate: 't2' }, /template of the change set/],
    ['a desired parameter', { desiredParameters: { ImageId: 'ami-9', MinSize: '2' } }, /ImageId ami-9, not ami-2/],
    ['the running image', { oldImage: image('ami-7') }, /running image is ami-7, not ami-1/],
    [
      'the new image’s state',
      { newImage: image('ami-2', { version: '2.0.0', state: 'deregistered' }) },
      /ami-2 is deregistered/,
    ],
    [
      'the new image’s tags',
      { newImage: image('ami-2', { version: '2.0.0', commit: 'evil' }) },
      /other tags.*commit evil/,
    ],
    ['a resource change', { changes: [] }, /other resources than were shown/],
  ]
  for (const [what, move, words] of moves)
    it(`changes with ${what}, and says so (B04)`, () => {
      const moved = decisive(move)
      assert.notEqual(digestOf(moved), digestOf(decisive()))
      assert.match(whatMoved(decisive(), moved).join('\n'), words)
    })

  it('finds nothing moved where nothing moved', () => assert.deepEqual(whatMoved(decisive(), decisive()), []))

  it('is named by its shown part or more, never by less (B04)', () => {
    const digest = digestOf(decisive())
    assert.ok(namesDigest(shortDigest(digest), digest))
    assert.ok(namesDigest(` ${digest.toUpperCase()} `, digest))
    assert.ok(!namesDigest(digest.slice(0, 15), digest))
    assert.ok(!namesDigest('0'.repeat(16), digest))
    assert.ok(!namesDigest('', digest))
  })
})
