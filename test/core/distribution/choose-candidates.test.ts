import assert from 'node:assert/strict'
import { chooseCandidates, verifiedBy } from '../../../scripts/core/distribution/choose-candidates.ts'
import type { ActionRun } from '../../../scripts/core/pipeline/action-runs.ts'
import { imageFacts } from '../../fakes/regional.ts'

describe('the choice of a candidate', () => {
  const run = (execution: string, action: string, status: string, image?: string) =>
    ({
      execution,
      action,
      status,
      variables: image === undefined ? {} : { IMAGE_ID: image },
    }) as Partial<ActionRun> as ActionRun
  const of = (id: string, created: string, more: object = {}) => imageFacts(id, { created, ...more })

  it('takes for each architecture the newest that is available and that the pipeline verified', () => {
    const verified = verifiedBy([
      run('4', 'Verify', 'Failed'),
      run('4', 'Bake', 'Succeeded', 'ami-4'),
      run('3', 'Verify', 'Succeeded'),
      run('3', 'Bake', 'Succeeded', 'ami-3'),
      run('2', 'Verify', 'Succeeded'),
      run('2', 'Bake', 'Succeeded', 'ami-2'),
      run('1', 'Verify', 'Succeeded'),
      run('1', 'Bake', 'Succeeded', 'ami-1'),
    ])
    const images = [
      of('ami-1', '2026-01-01', { architecture: 'arm64' }),
      of('ami-2', '2026-01-02'),
      of('ami-3', '2026-01-03', { state: 'disabled' }),
      of('ami-4', '2026-01-04'),
      of('ami-5', '2026-01-05'),
    ]
    const { chosen, missing } = chooseCandidates(images, ['x86_64', 'arm64', 'i386'], verified)
    assert.deepEqual([chosen.map(({ id }) => id), missing], [['ami-2', 'ami-1'], ['i386']])
  })
})
