import assert from 'node:assert/strict'
import type { ActionRun } from '../../../scripts/core/pipeline/action-runs.ts'
import { earlierIn, lastGood, type Candidate } from '../../../scripts/core/rollback/earlier.ts'
import { endsRollback, readRollback, stillHolds, type Rollback } from '../../../scripts/core/rollback/record.ts'
import { stackState } from '../../fakes/stacks.ts'
import { actionRuns, execution } from '../../fakes/pipelines.ts'

type Begun = Partial<ActionRun> & Pick<ActionRun, 'stage' | 'action'>

/** An execution that baked an image, and how its Smoke of production ended; undefined: it did not come so far. */
const shipped = (id: string, image: string, smoke?: Partial<ActionRun>): readonly Begun[] => [
  { execution: id, stage: 'Bake', action: 'Bake', variables: { IMAGE_ID: image } },
  {
    ...{ execution: id, stage: 'Bake', action: 'Configure' },
    variables: { IMAGE_ID: image, VERSION: '2.0.0', COMMIT: '9f3c2e1a' },
  },
  { execution: id, stage: 'Staging', action: 'Smoke' },
  ...(smoke === undefined
    ? []
    : [
        { execution: id, stage: 'Production', action: 'Approve', approval: true, by: 'arn:aws:iam::1:user/bob' },
        { execution: id, stage: 'Production', action: 'Smoke', updated: 3_600_000, ...smoke },
      ]),
]
const images = (environment: 'staging' | 'production', ids: readonly string[], ...runs: readonly Begun[]) =>
  earlierIn(
    environment,
    ids.map((id) => execution(id, { type: id.startsWith('back') ? 'ROLLBACK' : 'STANDARD' })),
    actionRuns(...runs),
  ).map(({ image }) => image)

describe('what ran in an environment before', () => {
  it('is told with version, commit, time, execution and who approved it', () =>
    assert.deepEqual(earlierIn('production', [execution('e1')], actionRuns(...shipped('e1', 'ami-1', {}))), [
      {
        ...{ image: 'ami-1', version: '2.0.0', commit: '9f3c2e1a', at: '1970-01-01T01:00:00.000Z', execution: 'e1' },
        approvedBy: 'arn:aws:iam::1:user/bob',
      },
    ]))

  it('is what passed there, each image once, and not what failed, was taken back or came not so far', () => {
    const runs = [
      ...shipped('e1', 'ami-1', {}),
      ...shipped('e2', 'ami-2', { status: 'Failed' }),
      ...shipped('e3', 'ami-3', { variables: { SMOKE: 'failed' } }),
      ...shipped('e4', 'ami-1', {}),
      ...shipped('e5', 'ami-5', { variables: { SMOKE: 'passed' } }),
      ...shipped('back', 'ami-6', {}),
      ...shipped('e7', 'ami-7'),
    ]
    const ids = ['e7', 'back', 'e5', 'e4', 'e3', 'e2', 'e1']
    assert.deepEqual(images('production', ids, ...runs), ['ami-5', 'ami-1'])
    assert.deepEqual(images('staging', ids, ...runs), ['ami-7', 'ami-5', 'ami-1', 'ami-3', 'ami-2'])
  })

  const candidate = (image: string, why?: string): Candidate => ({
    ...{ image, version: '', commit: '', at: '', execution: '', approvedBy: '' },
    hindrances: why === undefined ? [] : [{ type: why === '' ? 'unchecked' : 'cannot', why }],
  })
  const all = [candidate('ami-4'), candidate('ami-3', 'gone'), candidate('ami-2', ''), candidate('ami-1')]
  for (const [now, expected, what] of [
    ['ami-4', 'ami-2', 'older than what runs now, and usable'],
    ['ami-2', 'ami-1', 'older still after a roll-back'],
    ['ami-9', 'ami-4', 'the newest, where what runs now never passed'],
    ['ami-1', undefined, 'none, where the oldest runs'],
  ] as const)
    it(`has a last good one: ${what}`, () => assert.equal(lastGood(all, now)?.image, expected))
})

const kept: Rollback = {
  ...{ stackId: stackState('x').id, image: 'ami-1', from: 'ami-2', fromVersion: '2.0.0', fromCommit: '9f3c2e1a' },
  ...{ reason: 'prices are wrong', by: 'arn:aws:iam::1:user/ann', at: '2026-01-31T12:00:00.000Z' },
}

describe('a roll-back as it is kept', () => {
  const runs = (ImageId: string, more = {}) => ({ ...stackState('x'), parameters: { ImageId }, ...more })
  it('holds while its stack runs its image and no push has passed since', () => {
    const [before, after] = [Date.parse(kept.at) - 1, Date.parse(kept.at) + 1]
    assert.ok(stillHolds(kept, runs('ami-1')))
    assert.ok(stillHolds(kept, runs('ami-1'), before))
    assert.ok(!stillHolds(kept, runs('ami-1'), after))
    assert.ok(!stillHolds(kept, runs('ami-3')))
    assert.ok(!stillHolds(kept, runs('ami-1', { id: 'arn:another' })))
  })

  it('is ended by another image, in words that name it, and not by its own', () => {
    const words = 'from ami-2 (2.0.0, 9f3c2e1) by ann, 2026-01-31T12:00Z: prices are wrong'
    assert.equal(endsRollback(kept, runs('ami-1'), 'ami-2'), `${words}. This puts ami-2 back.`)
    assert.equal(endsRollback(kept, runs('ami-1'), 'ami-3'), `${words}. This ends that.`)
    for (const [deployed, desired] of [
      ['ami-1', 'ami-1'],
      ['ami-4', 'ami-2'],
    ] as const)
      assert.equal(endsRollback(kept, runs(deployed), desired), '')
    assert.equal(endsRollback(undefined, runs('ami-1'), 'ami-2'), '')
  })

  it('is read as it was written, and doubted where it is anything else', async () => {
    assert.deepEqual(await readRollback('p', JSON.stringify(kept)), { rollback: kept })
    assert.deepEqual(await readRollback('p', undefined), {})
    const { rollback, unchecked } = await readRollback('p', '{"image":"ami-1"}')
    assert.equal(rollback, undefined)
    assert.match(unchecked!, /^whether it was taken back: p: it must be an object with stackId/)
  })
})
