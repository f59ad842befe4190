import assert from 'node:assert/strict'
import { makeChangeSets } from '../../../scripts/aws/cloudformation/change-sets.ts'
import { toRigletError } from '../../../scripts/aws/client/failures.ts'
import { interrupted } from '../../../scripts/core/errors.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { Clock } from '../../../scripts/core/ports/local/clock.ts'
import type { PlannedChanges } from '../../../scripts/core/ports/stacks.ts'
import { keptDigest } from '../../../scripts/core/stack/decide/kept-digest.ts'
import type { DesiredStack } from '../../../scripts/core/stack/desired.ts'
import { fakeClock } from '../../fakes/image-ports.ts'
import { fakeSdk, onePage, type FakeSdk } from '../../fakes/sdk.ts'
import { stackState } from '../../fakes/stacks.ts'

const desired: DesiredStack = {
  name: 'web',
  title: 'web',
  file: 'web.yaml',
  template: 'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n',
  parameters: { A: '1' },
  tags: { Owner: 'acme' },
  capabilities: ['CAPABILITY_NAMED_IAM'],
}
const refused = (name: string, message: string): Error =>
  toRigletError(Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } }), {
    region: 'r',
  }) as Error
const set = (more: object = {}) => ({
  ChangeSetId: 'arn:aws:cloudformation:r:1:changeSet/riglet-x/1',
  StackId: 'arn:stack/web',
  Status: 'CREATE_COMPLETE',
  ...more,
})
const planned: PlannedChanges = {
  type: 'changes',
  stack: 'web',
  stackId: 'arn:stack/web',
  operation: 'create',
  changeSet: set().ChangeSetId,
  changes: [],
}

const rest = (): Promise<void> => Promise.resolve()
const port = (sdk: FakeSdk, status?: string) =>
  makeChangeSets(sdk, {
    find: () => Promise.resolve(status === undefined ? undefined : stackState('web', status)),
    clock: fakeClock(),
    rest,
  })
/** As after Ctrl-C: whoever sleeps is woken at once. */
const stopped = (): Clock => ({ ...fakeClock(), sleep: () => Promise.reject(interrupted()) })
/** CloudFormation with one empty stack and the sets in it. */
function shell(summaries: readonly { ChangeSetId: string; ChangeSetName: string; ExecutionStatus?: string }[] = []) {
  let there = true
  const sets = new Map(summaries.map((each) => [each.ChangeSetId, each]))
  const sdk = fakeSdk({
    DescribeChangeSet: () => set({ Status: 'CREATE_IN_PROGRESS' }),
    ListChangeSets: ({ NextToken: token }) => {
      const { items: Summaries, NextToken } = onePage([...sets.values()], 2, token)
      return { Summaries, NextToken }
    },
    DeleteChangeSet: ({ ChangeSetName }) => void sets.delete(ChangeSetName as string),
    DeleteStack: () => void (there = false),
  })
  const find = () => Promise.resolve(there ? stackState('web', 'REVIEW_IN_PROGRESS') : undefined)
  return { sdk, find, left: () => ({ stack: there, sets: [...sets.keys()] }) }
}
const names = (sdk: FakeSdk): string[] => sdk.sent.map(({ name }) => name)
const failure = async (work: Promise<unknown>): Promise<RigletError> =>
  work.then(
    () => assert.fail('it succeeded'),
    (error: unknown) => error as RigletError,
  )

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
    const error = await failure(sets.plan(desired, stackState('web')))
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
    const error = await failure(sets.plan(desired, undefined))
    assert.match(error.message, /cannot plan web: Transform failed/)
    assert.ok(names(sdk).includes('DeleteStack'))
  })

  it('name the stack to create first when an export is missing', async () => {
    const words = 'No export named acme-shop-staging-foundation-VpcId found.'
    const sdk = fakeSdk({ DescribeChangeSet: () => set({ Status: 'FAILED', StatusReason: words }) })
    const error = await failure(port(sdk).plan(desired, undefined))
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
    const error = await failure(port(sdk).plan(desired, undefined))
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
    const { message } = await failure(port(sdk).plan(desired, undefined))
    assert.match(message, /web\.yaml:2:3: Topic Resources\.Topic\.Properties\.Nam: Unsupported property \[Nam\]/)
  })

  it('are not made while somebody else changes the stack', async () => {
    const words = 'Stack:arn:stack/web is in UPDATE_IN_PROGRESS state and can not be updated.'
    const sdk = fakeSdk({ CreateChangeSet: () => refused('ValidationError', words) })
    const error = await failure(port(sdk).plan(desired, stackState('web')))
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
    const error = await failure(port(sdk).execute(planned))
    assert.equal(error.code, 'CHANGE_SET')
    assert.match(error.remedy, /Run the same command again/)
  })

  it("keep an empty stack that holds somebody else's set", async () => {
    const sdk = fakeSdk({ ListChangeSets: () => ({ Summaries: [{ ChangeSetId: 'another' }] }) })
    await port(sdk, 'REVIEW_IN_PROGRESS').discard(planned)
    assert.ok(!names(sdk).includes('DeleteStack'))
  })

  describe('that nobody waits for any more', () => {
    it('are removed with the empty stack that they made, on Ctrl-C', async () => {
      const { sdk, find, left } = shell()
      const error = await failure(makeChangeSets(sdk, { find, clock: stopped(), rest }).plan(desired, undefined))
      assert.equal(error.code, 'INTERRUPTED')
      const { input } = sdk.sent.find(({ name }) => name === 'DeleteChangeSet')!
      assert.match(String(input['ChangeSetName']), /^riglet-/)
      assert.equal(input['StackName'], 'web')
      assert.equal(left().stack, false)
    })

    it('are removed as soon as CloudFormation has made them', async () => {
      let refusals = 3
      const sdk = fakeSdk({
        DescribeChangeSet: () => set({ Status: 'CREATE_IN_PROGRESS' }),
        DeleteChangeSet: () =>
          refusals-- > 0
            ? refused('InvalidChangeSetStatus', 'cannot be deleted in its current status of [CREATE_IN_PROGRESS]')
            : {},
      })
      const sets = makeChangeSets(sdk, { find: () => Promise.resolve(stackState('web')), clock: stopped(), rest })
      assert.equal((await failure(sets.plan(desired, stackState('web')))).code, 'INTERRUPTED')
      assert.equal(names(sdk).filter((name) => name === 'DeleteChangeSet').length, 4)
      assert.ok(!names(sdk).includes('DeleteStack'))
    })

    it('are removed when Ctrl-C came during the last request', async () => {
      const sdk = fakeSdk({ DescribeChangeSet: () => set() })
      const sets = makeChangeSets(sdk, { find: () => Promise.resolve(undefined), clock: stopped(), rest })
      assert.equal((await failure(sets.plan(desired, undefined))).code, 'INTERRUPTED')
      assert.ok(names(sdk).includes('DeleteChangeSet'))
    })

    it('are removed when the wait for them fails, and the failure is told', async () => {
      const sdk = fakeSdk({ DescribeChangeSet: () => refused('ThrottledX', 'slower') })
      assert.match((await failure(port(sdk).plan(desired, undefined))).message, /slower/)
      assert.ok(names(sdk).includes('DeleteChangeSet'))
    })

    it('are named when they cannot be removed', async () => {
      const sdk = fakeSdk({
        DescribeChangeSet: () => set({ Status: 'CREATE_IN_PROGRESS' }),
        DeleteChangeSet: () => refused('AccessDeniedX', 'not allowed to'),
      })
      const error = await failure(
        makeChangeSets(sdk, { find: () => Promise.resolve(undefined), clock: stopped(), rest }).plan(desired, undefined),
      )
      assert.equal(error.code, 'INTERRUPTED')
      assert.match(error.message, /The plan of web stays: .*not allowed to/)
      assert.match(error.remedy, /changes nothing/)
    })

    it('are no reason to fail when CloudFormation never made them', async () => {
      const sdk = fakeSdk({
        DescribeChangeSet: () => refused('ChangeSetNotFound', 'ChangeSet [riglet-x] does not exist'),
        DeleteChangeSet: () => refused('ValidationError', 'Stack [web] does not exist'),
      })
      const error = await failure(port(sdk).plan(desired, undefined))
      assert.doesNotMatch(error.message, /stays/)
    })

    const old = 'riglet-0123456789ab-20260131T105959Z'
    const fresh = 'riglet-0123456789ab-20260131T113000Z'
    const cases: readonly [string, Parameters<typeof shell>[0], { stack: boolean; sets: string[] }][] = [
      [
        'of a run that was killed go with the next plan that is not executed, and so does the stack',
        ['one', 'two', 'three'].map((id) => ({ ChangeSetId: id, ChangeSetName: old })),
        { stack: false, sets: [] },
      ],
      [
        'stay while somebody may still be asked about them, and so does the stack',
        [
          { ChangeSetId: 'old', ChangeSetName: old },
          { ChangeSetId: 'fresh', ChangeSetName: fresh },
        ],
        { stack: true, sets: ['fresh'] },
      ],
      [
        "stay when they are somebody else's",
        [{ ChangeSetId: 'theirs', ChangeSetName: 'console-20200131T105959Z' }],
        { stack: true, sets: ['theirs'] },
      ],
      [
        'stay while they are executed',
        [{ ChangeSetId: 'running', ChangeSetName: old, ExecutionStatus: 'EXECUTE_IN_PROGRESS' }],
        { stack: true, sets: ['running'] },
      ],
    ]
    for (const [title, summaries, expected] of cases)
      it(title, async () => {
        const { sdk, find, left } = shell(summaries)
        await makeChangeSets(sdk, { find, clock: fakeClock(), rest }).discard(planned)
        assert.deepEqual(left(), expected)
      })
  })
})
