import assert from 'node:assert/strict'
import { discardPlans, makePlans } from '../../scripts/engine/make-plans.ts'
import { changeSetFailed } from '../../scripts/core/stack/errors.ts'
import type { RigletError } from '../../scripts/core/errors.ts'
import type { DesiredStack } from '../../scripts/core/stack/desired.ts'
import { fakeBuckets } from '../fakes/image-ports.ts'
import { fakeStacks, stackState } from '../fakes/stacks.ts'
import { failureOf } from '../support/failure.ts'

const item = (name: string, more: Partial<DesiredStack> = {}) => {
  const desired: DesiredStack = {
    name,
    title: name,
    file: `${name}.yaml`,
    template: 'Resources: {}',
    parameters: {},
    tags: {},
    capabilities: [],
    ...more,
  }
  return { desired, decision: { type: 'plan', state: undefined } } as const
}
/** CloudFormation that does not let go of one stack's change set. */
const clinging = (name: string, options: Parameters<typeof fakeStacks>[0] = {}) => {
  const stacks = fakeStacks(options)
  const discard: typeof stacks.discard = (plan) =>
    plan.stack === name ? Promise.reject(new Error('not allowed')) : stacks.discard(plan)
  return { stacks: { ...stacks, discard }, buckets: fakeBuckets(), discarded: stacks.discarded }
}

describe('plans made side by side', () => {
  it('tell why one failed although another cannot be removed, and name that', async () => {
    const { stacks, buckets, discarded } = clinging('two', {
      unplannable: { one: changeSetFailed('one', 'no such type') },
    })
    const error = await failureOf(makePlans([item('one'), item('two'), item('three')], { stacks, buckets }))
    assert.match(error.message, /cannot plan one: no such type\nThe plan of two stays: not allowed/)
    assert.equal(error.code, 'CHANGE_SET')
    assert.equal(discarded.length, 1)
  })

  it('are all removed although one cannot be', async () => {
    const { stacks, buckets, discarded } = clinging('one')
    const plans = await makePlans([item('one'), item('two')], { stacks, buckets })
    await assert.rejects(discardPlans(plans, { stacks }), /not allowed/)
    assert.equal(discarded.length, 1)
  })

  const long = (bytes: number): string => `Resources: {}\n# ${'x'.repeat(bytes)}\n`
  const tags = { Owner: 'acme', Project: 'shop' }
  const longTemplates = { stack: 'acme-shop-artifacts', output: 'ArtifactBucket' }
  const artifacts = stackState('acme-shop-artifacts', 'CREATE_COMPLETE', { outputs: { ArtifactBucket: 'bucket' } })

  it('send a template that no request carries by the artifact bucket, once', async () => {
    const buckets = fakeBuckets()
    const urls: (string | undefined)[] = []
    const stacks = fakeStacks({ states: [artifacts] })
    const plan: typeof stacks.plan = (desired, state, url) => {
      urls.push(url)
      return stacks.plan(desired, state)
    }
    const template = long(60_000)
    const items = [
      item('one', { template, tags, longTemplates }),
      item('two'),
      item('three', { template, tags, longTemplates }),
    ]
    await makePlans(items, { stacks: { ...stacks, plan }, buckets })
    const [[place, content]] = [...buckets.objects] as [[string, string]]
    assert.equal(buckets.objects.size, 1)
    assert.match(place, /^bucket\/templates\/[0-9a-f]{64}\.yaml$/)
    assert.equal(content, template)
    const url = `https://bucket.s3.eu-central-1.amazonaws.com/${place.slice('bucket/'.length)}`
    assert.deepEqual(urls, [url, undefined, url])
  })

  it('refuse, before anything is planned, a template that is too long for CloudFormation or for its place', async () => {
    const stacks = fakeStacks({ states: [artifacts] })
    const refused = async (name: string, template: string, more: object = { longTemplates }): Promise<RigletError> =>
      makePlans([item(name, { template, tags, ...more })], { stacks, buckets: fakeBuckets() }).then(
        () => assert.fail('it was planned'),
        (failure: unknown) => failure as RigletError,
      )
    assert.match(
      (await refused('one', long(1_048_576))).message,
      /^one\.yaml has \d+ bytes; CloudFormation takes 1048576/,
    )
    assert.match(
      (await refused('acme-shop-artifacts', long(60_000), {})).message,
      /the bucket for longer ones is what it makes/,
    )
    assert.deepEqual(stacks.planned, [])
  })
})
