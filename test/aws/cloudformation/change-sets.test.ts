import assert from 'node:assert/strict'
import { makeChangeSets } from '../../../scripts/aws/cloudformation/change-sets.ts'
import { keptDigest } from '../../../scripts/core/stack/decide/kept-digest.ts'
import { fakeClock } from '../../fakes/image-ports.ts'
import { fakeSdk } from '../../fakes/sdk.ts'
import { stackState } from '../../fakes/stacks.ts'
import { failureOf } from '../../support/failure.ts'
import { desired, refused, set, planned, rest, port, names } from './support/sets.ts'

describe('change sets', () => {
  it('are made under one name and token, so that a repeated request makes no second one', async () => {
    const sdk = fakeSdk({ DescribeChangeSet: () => set() })
    const plan = await port(sdk).plan(desired, undefined)
    assert.equal(plan.type, 'changes')
    const { input } = sdk.sent[0]!
    assert.equal(input['ClientToken'], input['ChangeSetName'])
    assert.equal(input['ChangeSetType'], 'CREATE')
    assert.deepEqual(input['Parameters'], [
      { ParameterKey: 'A', ParameterValue: '1' },
      { ParameterKey: 'Digest', ParameterValue: await keptDigest(desired) },
    ])
  })

  it('are taken for ours when the reply to the request was lost', async () => {
    const sdk = fakeSdk({
      CreateChangeSet: () => refused('AlreadyExistsException', 'ChangeSet riglet-x already exists'),
      DescribeChangeSet: () => set(),
    })
    assert.equal((await port(sdk).plan(desired, undefined)).type, 'changes')
  })

  it('wait until they are made', async () => {
    const states = ['CREATE_PENDING', 'CREATE_IN_PROGRESS', 'CREATE_COMPLETE']
    const sdk = fakeSdk({ DescribeChangeSet: () => set({ Status: states.shift() }) })
    assert.equal((await port(sdk).plan(desired, stackState('web'))).type, 'changes')
    assert.equal(sdk.sent.filter(({ name }) => name === 'DescribeChangeSet').length, 3)
  })

  it('are given up when they are not made in five minutes, and removed', async () => {
    const clock = fakeClock()
    const began = clock.now().getTime()
    const sdk = fakeSdk({ DescribeChangeSet: () => set({ Status: 'CREATE_IN_PROGRESS' }) })
    const sets = makeChangeSets(sdk, { find: () => Promise.resolve(stackState('web')), clock, rest })
    const error = await failureOf(sets.plan(desired, stackState('web')))
    assert.equal(error.code, 'WAIT_TOO_LONG')
    assert.match(error.message, /^The change set of web is not done after 5 minutes/)
    assert.ok(names(sdk).includes('DeleteChangeSet'))
    assert.ok(clock.now().getTime() - began < 6 * 60_000)
  })

  it('that hold nothing mean that nothing changes, and are removed', async () => {
    const words =
      "The submitted information didn't contain changes. Submit different information to create a change set."
    const sdk = fakeSdk({ DescribeChangeSet: () => set({ Status: 'FAILED', StatusReason: words }) })
    assert.deepEqual(await port(sdk, 'CREATE_COMPLETE').plan(desired, stackState('web')), {
      type: 'unchanged',
      stack: 'web',
    })
    assert.ok(names(sdk).includes('DeleteChangeSet'))
  })

  it('that fail for another reason say it, and leave no empty stack', async () => {
    const sdk = fakeSdk({ DescribeChangeSet: () => set({ Status: 'FAILED', StatusReason: 'Transform failed' }) })
    const states = [stackState('web', 'REVIEW_IN_PROGRESS'), undefined]
    const sets = makeChangeSets(sdk, { find: () => Promise.resolve(states.shift()), clock: fakeClock(), rest })
    const error = await failureOf(sets.plan(desired, undefined))
    assert.match(error.message, /cannot plan web: Transform failed/)
    assert.ok(names(sdk).includes('DeleteStack'))
  })

  it('name the stack to create first when an export is missing', async () => {
    const words = 'No export named acme-shop-staging-foundation-VpcId found.'
    const sdk = fakeSdk({ DescribeChangeSet: () => set({ Status: 'FAILED', StatusReason: words }) })
    const error = await failureOf(port(sdk).plan(desired, undefined))
    assert.equal(error.code, 'STACK_NEEDED')
    assert.match(error.message, /VpcId found/)
    assert.match(error.remedy, /make create-environment ENV=.* make create-riglet/)
  })

  it('keep the value that a stack has where AWS hides it', async () => {
    const sdk = fakeSdk({ DescribeChangeSet: () => set() })
    await port(sdk).plan({ ...desired, parameters: { A: '****' } }, stackState('web'))
    const { Parameters } = sdk.sent[0]!.input as { Parameters: readonly object[] }
    assert.deepEqual(Parameters[0], { ParameterKey: 'A', UsePreviousValue: true })
  })

  it('name file and line of what CloudFormation refuses in a template', async () => {
    const sdk = fakeSdk({
      CreateChangeSet: () => refused('ValidationError', 'Template format error: [Topic] is wrong'),
    })
    const error = await failureOf(port(sdk).plan(desired, undefined))
    assert.equal(error.code, 'TEMPLATE')
    assert.match(error.message, /^web\.yaml:2:3: Template format error/)
  })

  it('name each fault of an early validation with its line', async () => {
    const words = 'The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation].'
    const sdk = fakeSdk({
      DescribeChangeSet: () => set({ Status: 'FAILED', StatusReason: words }),
      DescribeEvents: () => ({
        OperationEvents: [
          {
            ValidationStatus: 'FAILED',
            LogicalResourceId: 'Topic',
            ValidationPath: '/Resources/Topic/Properties/Nam',
            ValidationStatusReason: 'Unsupported property [Nam]',
          },
        ],
      }),
    })
    const { message } = await failureOf(port(sdk).plan(desired, undefined))
    assert.match(message, /web\.yaml:2:3: Topic Resources\.Topic\.Properties\.Nam: Unsupported property \[Nam\]/)
  })

  it('are not made while somebody else changes the stack', async () => {
    const words = 'Stack:arn:stack/web is in UPDATE_IN_PROGRESS state and can not be updated.'
    const sdk = fakeSdk({ CreateChangeSet: () => refused('ValidationError', words) })
    const error = await failureOf(port(sdk).plan(desired, stackState('web')))
    assert.equal(error.code, 'STACK_BUSY')
    assert.match(error.message, /UPDATE_IN_PROGRESS/)
  })

  it('are executed as what they are, under a token of their own', async () => {
    const sdk = fakeSdk({})
    assert.equal(await port(sdk).execute(planned), 'riglet-x')
    assert.deepEqual(sdk.sent[0]!.input, {
      StackName: 'arn:stack/web',
      ChangeSetName: planned.changeSet,
      ClientRequestToken: 'riglet-x',
    })
  })

  it('count as executed when only the reply was lost', async () => {
    for (const [code, state] of [
      ['InvalidChangeSetStatus', 'EXECUTE_IN_PROGRESS'],
      ['InvalidChangeSetStatus', 'EXECUTE_COMPLETE'],
    ] as const) {
      const sdk = fakeSdk({
        ExecuteChangeSet: () => refused(code, 'cannot be executed in its current status'),
        DescribeChangeSet: () => set({ ExecutionStatus: state }),
      })
      assert.equal(await port(sdk).execute(planned), 'riglet-x')
    }
  })

  it('are refused when they no longer hold', async () => {
    const sdk = fakeSdk({
      ExecuteChangeSet: () =>
        refused('InvalidChangeSetStatus', 'cannot be executed in its current status of [OBSOLETE]'),
      DescribeChangeSet: () => set({ ExecutionStatus: 'OBSOLETE' }),
    })
    const error = await failureOf(port(sdk).execute(planned))
    assert.equal(error.code, 'CHANGE_SET')
    assert.match(error.remedy, /Run the same command again/)
  })

  it("keep an empty stack that holds somebody else's set", async () => {
    const sdk = fakeSdk({ ListChangeSets: () => ({ Summaries: [{ ChangeSetId: 'another' }] }) })
    await port(sdk, 'REVIEW_IN_PROGRESS').discard(planned)
    assert.ok(!names(sdk).includes('DeleteStack'))
  })
})
