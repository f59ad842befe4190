import assert from 'node:assert/strict'
import { artifactOf, planBake } from '../../../scripts/core/image/candidate.ts'
import type { ImageFacts } from '../../../scripts/core/image/image-facts.ts'

const image = (id: string, state: string, created: string): ImageFacts => ({
  id,
  name: `o-p/candidate/web/1-${id}`,
  state,
  architecture: 'x86_64',
  account: '123456789012',
  region: 'eu-central-1',
  snapshots: [],
  tags: {},
  created,
})

describe('planning a bake', () => {
  it('bakes when no image has the same inputs', () => assert.deepEqual(planBake([]), { type: 'bake' }))

  it('makes anew what is revoked, whose inputs are the same (B13)', () => {
    const revoked = { ...image('ami-2', 'available', '2026-01-02'), tags: { Revoked: 'by hand' } }
    assert.deepEqual(planBake([revoked]), { type: 'bake' })
    const older = image('ami-1', 'available', '2026-01-01')
    assert.deepEqual(planBake([revoked, older]), { type: 'reuse', image: older })
  })

  it('reuses the newest available image of the same inputs (B01, S21)', () => {
    const plan = planBake([image('ami-1', 'available', '2026-01-01'), image('ami-2', 'available', '2026-01-02')])
    assert.equal(plan.type === 'reuse' && plan.image.id, 'ami-2')
  })

  it('waits for one in the making instead of baking it twice (S21)', () => {
    const plan = planBake([image('ami-1', 'failed', '2026-01-01'), image('ami-2', 'pending', '2026-01-02')])
    assert.equal(plan.type === 'wait' && plan.image.id, 'ami-2')
  })

  for (const state of ['failed', 'deregistered', 'disabled', 'error']) {
    it(`bakes anew when the only one is ${state}`, () =>
      assert.deepEqual(planBake([image('ami-1', state, '2026-01-01')]), { type: 'bake' }))
  }
})

describe("Packer's manifest", () => {
  const manifest = {
    builds: [
      { artifact_id: 'us-east-1:ami-0old', packer_run_uuid: 'a' },
      { artifact_id: 'eu-west-1:ami-0far,us-east-1:ami-0new', packer_run_uuid: 'b' },
    ],
    last_run_uuid: 'b',
  }

  it('gives the image of the last run in the region', () => assert.equal(artifactOf(manifest, 'us-east-1'), 'ami-0new'))
  it('gives nothing for a region without one', () => assert.equal(artifactOf(manifest, 'eu-north-1'), undefined))
  it('gives nothing when nothing was built', () => assert.equal(artifactOf({}, 'us-east-1'), undefined))
})
