import assert from 'node:assert/strict'
import { holds, planReplica } from '../../../scripts/core/distribution/plan-replica.ts'
import { copyToken, type CopyStep } from '../../../scripts/core/distribution/step.ts'
import { inputs, candidate, name, replicaOf, seen, replica, copy } from './support.ts'

describe('the plan of a replica', () => {
  it('is a copy by its published name, with tags of its own, where there is none (G12, G21)', () => {
    assert.deepEqual(planReplica(replica, seen([])).steps, [
      {
        type: 'copy',
        name,
        source: { id: 'ami-00000001', region: 'us-east-1' },
        tags: {
          Owner: 'acme',
          Project: 'shop',
          Image: 'web',
          Version: '1.4.2',
          Inputs: inputs,
          Commit: 'c0ffee1',
          Name: name,
          CandidateImageId: 'ami-00000001',
        },
        key: 'alias/acme-shop',
        instead: undefined,
      },
    ])
  })

  it('is nothing where the copy is as it should be, and for the candidate itself', () => {
    assert.ok(holds(planReplica(replica, seen([copy]))))
    const own = seen([candidate], { snapshotKeys: new Map([['snap-ami-00000001', 'arn:key']]) })
    assert.ok(holds(planReplica(replicaOf(undefined, 'us-east-1'), own)))
  })

  it('waits for a copy in the making, and adds tags that got lost', () => {
    const { Commit: _, ...tags } = copy.tags
    assert.deepEqual(planReplica(replica, seen([{ ...copy, state: 'pending', tags }])).steps, [
      { type: 'await', id: 'ami-00000002' },
      { type: 'tag', tags: { Commit: 'c0ffee1' } },
    ])
  })

  it('takes a failed copy away first, for it keeps the name, and asks for another one', () => {
    const failed = { ...copy, state: 'failed', reason: 'Client.InternalError' }
    const { steps } = planReplica(replica, seen([failed]))
    assert.deepEqual(
      steps.map(({ type }) => type),
      ['discard', 'copy'],
    )
    const first = planReplica(replica, seen([])).steps[0] as CopyStep
    assert.notEqual(copyToken(first, 'here'), copyToken(steps[1] as CopyStep, 'here'))
    assert.equal(copyToken(first, 'here'), copyToken(planReplica(replica, seen([])).steps[0] as CopyStep, 'here'))
    assert.notEqual(copyToken(first, 'here'), copyToken(first, 'here', 1))
    assert.notEqual(copyToken(first, 'here'), copyToken(first, 'there'))
    assert.ok(copyToken(first, 'here').length <= 64)
  })

  it('is unchecked where nobody could look, never absent (B15)', () => {
    const plan = planReplica(replica, { type: 'unchecked', why: 'throttled' })
    assert.deepEqual([plan.unchecked, plan.steps, holds(plan)], ['throttled', [], false])
  })

  const faults: readonly (readonly [string, readonly string[], string])[] = [
    [
      "another image of the name, whoever's it is",
      planReplica(replica, seen([{ ...copy, tags: {} }])).faults,
      `ami-00000002 has the name ${name}, and is another image`,
    ],
    [
      'a copy that was disabled',
      planReplica(replica, seen([{ ...copy, state: 'disabled' }])).faults,
      'ami-00000002 is disabled',
    ],
    [
      'no key to encrypt under',
      planReplica(replica, seen([], { key: undefined })).faults,
      'there is no key alias/acme-shop to encrypt the copy under',
    ],
    [
      'a key that is about to go',
      planReplica(replica, seen([], { key: { arn: 'arn:key', state: 'PendingDeletion' } })).faults,
      'the key alias/acme-shop is PendingDeletion',
    ],
    [
      'a copy that is not encrypted',
      planReplica(replica, seen([{ ...copy, encrypted: [] }])).faults,
      'ami-00000002 is not encrypted, and images.yaml wants it to be; one that is baked anew is: make bake IMAGE=web',
    ],
    [
      'a copy under another key',
      planReplica(replica, seen([copy], { snapshotKeys: new Map([['snap-copy', 'arn:other']]) })).faults,
      'ami-00000002 is encrypted under another key than alias/acme-shop',
    ],
    [
      'a public image of an encrypted candidate',
      planReplica(replicaOf('{ regions: [eu-west-1], public: true }'), seen([], { key: undefined })).faults,
      'ami-00000001 is encrypted, and images.yaml wants it not to be; one that is baked anew is not: make bake IMAGE=web',
    ],
    [
      'a candidate that went away',
      planReplica(replicaOf(undefined, 'us-east-1'), seen([])).faults,
      'ami-00000001 is not there any more',
    ],
  ]
  for (const [title, told, words] of faults) it(`names ${title}`, () => assert.deepEqual(told, [words]))
})
