import assert from 'node:assert/strict'
import { toRigletError } from '../../../scripts/aws/client/failures.ts'
import { readEvents } from '../../../scripts/aws/cloudformation/stack-events.ts'
import { makeStacks } from '../../../scripts/aws/cloudformation/stacks.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { fakeClock } from '../../fakes/image-ports.ts'
import { fakeSdk, onePage, type FakeSdk } from '../../fakes/sdk.ts'

const id = 'arn:stack/web'
const event = (number: number, status: string, token: string, own = false) => ({
  EventId: `e${number}`,
  Timestamp: new Date(number * 1000),
  LogicalResourceId: own ? 'web' : 'Thing',
  PhysicalResourceId: own ? id : 'thing-1',
  ResourceType: own ? 'AWS::CloudFormation::Stack' : 'AWS::SNS::Topic',
  ResourceStatus: status,
  ClientRequestToken: token,
})

/** Newest first, as CloudFormation tells them. */
const story = [
  event(7, 'UPDATE_COMPLETE', 'two', true),
  event(6, 'UPDATE_COMPLETE', 'two'),
  event(5, 'UPDATE_IN_PROGRESS', 'two'),
  event(4, 'UPDATE_IN_PROGRESS', 'two', true),
  event(3, 'CREATE_COMPLETE', 'one', true),
  event(2, 'CREATE_COMPLETE', 'one'),
  event(1, 'CREATE_IN_PROGRESS', 'one', true),
]
const paged = () =>
  fakeSdk({
    DescribeStackEvents: ({ NextToken: token }) => {
      const { items: StackEvents, NextToken } = onePage(story, 3, token)
      return { StackEvents, NextToken }
    },
  })

describe('events of a stack', () => {
  it('are those of one operation, oldest first, read only back to its beginning', async () => {
    const sdk = paged()
    const events = await readEvents(sdk, id, { type: 'token', token: 'two' })
    assert.deepEqual(
      events.map((each) => each.id),
      ['e4', 'e5', 'e6', 'e7'],
    )
    assert.equal(sdk.sent.length, 2)
  })

  it('are none before the operation has begun', async () => {
    assert.deepEqual(await readEvents(paged(), id, { type: 'token', token: 'three' }), [])
  })

  it('are those of whatever began last, when somebody else began it', async () => {
    const events = await readEvents(paged(), id, { type: 'latest' })
    assert.equal(events[0]!.id, 'e4')
  })

  it('are only the new ones when some are known', async () => {
    const sdk = paged()
    const events = await readEvents(sdk, id, { type: 'token', token: 'two' }, 'e5')
    assert.deepEqual(
      events.map((each) => each.id),
      ['e6', 'e7'],
    )
    assert.equal(sdk.sent.length, 1)
  })
})

const refused = (name: string, message: string): Error =>
  toRigletError(Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } }), {
    region: 'r',
  }) as Error
const port = (sdk: FakeSdk) => makeStacks({ region: 'eu-central-1' }, fakeClock(), sdk)

describe('stacks of CloudFormation', () => {
  it('are absent only when CloudFormation says so: throttling is never read as absence (B15)', async () => {
    const absent = fakeSdk({ DescribeStacks: () => refused('ValidationError', 'Stack with id web does not exist') })
    assert.equal(await port(absent).find('web'), undefined)
    const throttled = fakeSdk({ DescribeStacks: () => refused('Throttling', 'Rate exceeded') })
    await assert.rejects(port(throttled).find('web'), ({ code }: RigletError) => code === 'THROTTLED')
    const denied = fakeSdk({ DescribeStacks: () => refused('AccessDenied', 'User is not authorized') })
    await assert.rejects(port(denied).find('web'), ({ code }: RigletError) => code === 'ACCESS_DENIED')
  })

  it('become values: parameters, outputs and tags by name', async () => {
    const sdk = fakeSdk({
      DescribeStacks: () => ({
        Stacks: [
          {
            StackName: 'web',
            StackId: id,
            StackStatus: 'CREATE_COMPLETE',
            CreationTime: new Date(0),
            Parameters: [{ ParameterKey: 'Digest', ParameterValue: 'd' }],
            Outputs: [{ OutputKey: 'Url', OutputValue: 'http://x' }],
            Tags: [{ Key: 'Owner', Value: 'acme' }],
            EnableTerminationProtection: true,
          },
        ],
      }),
    })
    const state = await port(sdk).find('web')
    assert.deepEqual(
      [state?.parameters, state?.outputs, state?.tags],
      [{ Digest: 'd' }, { Url: 'http://x' }, { Owner: 'acme' }],
    )
    assert.equal(state?.protected, true)
    assert.equal(sdk.sent.length, 1)
  })

  it('are listed to the last page, by their tags', async () => {
    const stack = (name: string, owner: string) => ({ StackName: name, Tags: [{ Key: 'Owner', Value: owner }] })
    const sdk = fakeSdk({
      DescribeStacks: ({ NextToken }) =>
        NextToken === undefined
          ? { Stacks: [stack('a', 'acme'), stack('b', 'zeta')], NextToken: '2' }
          : { Stacks: [stack('c', 'acme')] },
    })
    assert.deepEqual(
      (await port(sdk).list({ Owner: 'acme' })).map(({ name }) => name),
      ['a', 'c'],
    )
  })

  it('that are protected are refused in words that help', async () => {
    const words = 'Stack [web] cannot be deleted while TerminationProtection is enabled'
    const work = port(fakeSdk({ DeleteStack: () => refused('ValidationError', words) })).remove('web')
    await assert.rejects(
      work,
      ({ code, remedy }: RigletError) => code === 'STACK_PROTECTED' && /--stack-name web/.test(remedy),
    )
  })

  it('are asked for anew by a second deletion within the same second', async () => {
    const clock = fakeClock()
    const stacks = makeStacks({ region: 'eu-central-1' }, clock, fakeSdk({}))
    const first = await stacks.remove(id)
    await clock.sleep(1)
    assert.notEqual(await stacks.remove(id), first)
  })

  it('have no importers when nobody imports an export', async () => {
    const words = "Export 'web-VpcId' is not imported by any stack."
    assert.deepEqual(
      await port(fakeSdk({ ListImports: () => refused('ValidationError', words) })).importers('web-VpcId'),
      [],
    )
    assert.deepEqual(await port(fakeSdk({ ListImports: () => ({ Imports: ['app'] }) })).importers('web-VpcId'), ['app'])
  })
})

describe('a roll-back that somebody asks for', () => {
  // Newest first: an update that failed, whose roll-back failed, and a second try of that.
  const tries = [
    event(9, 'UPDATE_ROLLBACK_COMPLETE', 'again', true),
    event(8, 'UPDATE_COMPLETE', 'again'),
    event(7, 'UPDATE_ROLLBACK_IN_PROGRESS', 'again', true),
    event(6, 'UPDATE_ROLLBACK_FAILED', 'update', true),
    event(5, 'UPDATE_FAILED', 'update'),
    event(4, 'UPDATE_ROLLBACK_IN_PROGRESS', 'update', true),
    event(3, 'UPDATE_FAILED', 'update'),
    event(2, 'UPDATE_IN_PROGRESS', 'update', true),
    event(1, 'CREATE_COMPLETE', 'one', true),
  ]
  const events = async (type: 'token' | 'rollback', token: string, told = tries) =>
    (await readEvents(fakeSdk({ DescribeStackEvents: () => ({ StackEvents: told }) }), id, { type, token })).map(
      (each) => each.id,
    )

  it('tells its own events alone, none before it has begun, and the update all of them', async () => {
    assert.deepEqual(await events('rollback', 'again'), ['e7', 'e8', 'e9'])
    assert.deepEqual(await events('rollback', 'again', tries.slice(3)), [])
    assert.deepEqual(await events('token', 'update'), ['e2', 'e3', 'e4', 'e5', 'e6', 'e7', 'e8', 'e9'])
  })

  it('skips what it is told to and nothing else, under a token of its own', async () => {
    const sdk = fakeSdk({ ContinueUpdateRollback: () => ({}), RollbackStack: () => ({}) })
    const stacks = makeStacks({ region: 'eu-central-1' }, fakeClock(), sdk)
    const token = 'riglet-rollback-20260131T120000000Z'
    assert.deepEqual(
      [
        await stacks.continueRollback(id, []),
        await stacks.continueRollback(id, ['A', 'N.B']),
        await stacks.rollBack(id),
      ],
      [token, token, token],
    )
    assert.deepEqual(
      sdk.sent.map(({ input }) => input),
      [
        { StackName: id, ClientRequestToken: token },
        { StackName: id, ClientRequestToken: token, ResourcesToSkip: ['A', 'N.B'] },
        { StackName: id, ClientRequestToken: token },
      ],
    )
  })
})
