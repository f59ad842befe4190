import assert from 'node:assert/strict'
import { environmentIn, layerOf, standsOn } from '../../../scripts/core/layers/layers.ts'
import { decide } from '../../../scripts/core/stack/decide/decide.ts'
import { desiredStack } from '../../../scripts/core/layers/layer.ts'
import { artifacts } from '../../../scripts/core/layers/artifacts.ts'
import type { StackState } from '../../../scripts/core/stack/state.ts'
import { deployed, stackState } from '../../fakes/stacks.ts'

/** As an earlier version left it: without a tag that says what it is. */
const untagged = (name: string, more: Partial<StackState> = {}): StackState =>
  stackState(name, 'CREATE_COMPLETE', { tags: { Owner: 'acme', Project: 'shop' }, ...more })

describe('what a stack is', () => {
  it('is what its tag says, whatever its name and parameters look like', () => {
    const odd = { tags: { Layer: 'jobs' }, parameters: { Foundation: 'f' } }
    assert.equal(layerOf(stackState('acme-shop-artifacts', 'CREATE_COMPLETE', odd)), 'jobs')
    assert.equal(
      layerOf(stackState('acme-shop-artifacts', 'CREATE_COMPLETE', { tags: { Layer: 'database' } })),
      undefined,
    )
  })

  const earlier: readonly (readonly [string, StackState, string | undefined])[] = [
    ['an app by its foundation', untagged('x', { parameters: { Foundation: 'f', Jobs: 'j' } }), 'app'],
    ['a pipeline by its jobs', untagged('x', { parameters: { Jobs: 'j', Artifacts: 'a' } }), 'pipeline'],
    [
      'a pipeline that holds its jobs itself',
      untagged('x', { parameters: { BuildFoundation: 'f' }, outputs: { PipelineName: 'x' } }),
      'pipeline',
    ],
    ['jobs by where they build', untagged('x', { parameters: { BuildFoundation: 'f' } }), 'jobs'],
    ['a foundation by its name', untagged('acme-shop-staging-foundation'), 'foundation'],
    ['artifacts by their name', untagged('acme-shop-artifacts'), 'artifacts'],
    ['an app that is only planned', untagged('acme-shop-staging-app-web-artifacts'), 'app'],
    ['jobs that are only planned', untagged('acme-shop-jobs-web-main'), 'jobs'],
    ['nothing in what is not ours', untagged('acme-shop-staging-database'), undefined],
  ]
  for (const [what, state, layer] of earlier)
    it(`is recognised where an earlier version said nothing: ${what}`, () => assert.equal(layerOf(state), layer))

  it('is said by its next update, which is planned for that alone', async () => {
    const desired = desiredStack(artifacts, { riglet: { owner: 'acme', project: 'shop' } }, 'Resources: {}\n', {})
    assert.equal((await decide(desired, deployed(desired))).type, 'in sync')
    const { Layer: _, ...before } = desired.tags
    const state = deployed({ ...desired, tags: before })
    assert.equal((await decide(desired, state)).type, 'plan')
    assert.deepEqual([layerOf(state), layerOf(deployed(desired))], ['artifacts', 'artifacts'])
  })

  it('tells where it is, and what it stands on', () => {
    const app = untagged('x', { parameters: { Foundation: 'ground', Environment: 'staging', Pipeline: 'p' } })
    assert.equal(environmentIn(app), 'staging')
    assert.equal(environmentIn(stackState('acme-shop-pipeline-web')), undefined)
    assert.deepEqual([standsOn(app, 'ground'), standsOn(app, 'p')], [true, false])
  })
})
