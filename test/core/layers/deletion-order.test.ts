import assert from 'node:assert/strict'
import { deletionWaves } from '../../../scripts/core/layers/deletion-order.ts'
import { stackState } from '../../fakes/stacks.ts'

describe('the order in which stacks go', () => {
  const waves = (...names: readonly string[]): string[][] =>
    deletionWaves(names.map((name) => stackState(name))).map((wave) => wave.map(({ name }) => name))

  it('is pipelines, apps, the jobs that hold their roles, and the ground of all (R15)', () => {
    assert.deepEqual(
      waves(
        'a-b-artifacts',
        'a-b-staging-foundation',
        'a-b-staging-app-web',
        'a-b-jobs-web',
        'a-b-production-app-web',
        'a-b-pipeline-web',
      ),
      [
        ['a-b-pipeline-web'],
        ['a-b-staging-app-web', 'a-b-production-app-web'],
        ['a-b-jobs-web'],
        ['a-b-artifacts', 'a-b-staging-foundation'],
      ],
    )
  })

  it('has no wave for what is not there', () => assert.deepEqual(waves('a-b-artifacts'), [['a-b-artifacts']]))

  it('takes what it does not know first: that may stand on anything', () => {
    const unknown = stackState('a-b-staging-database', 'CREATE_COMPLETE', { tags: { Layer: 'database' } })
    const ground = stackState('a-b-staging-foundation')
    assert.deepEqual(deletionWaves([ground, unknown]), [[unknown], [ground]])
  })
})
