import assert from 'node:assert/strict'
import { makeChangeSets } from '../../../scripts/aws/cloudformation/change-sets.ts'
import { interrupted } from '../../../scripts/core/errors.ts'
import type { Clock } from '../../../scripts/core/ports/local/clock.ts'
import { fakeClock } from '../../fakes/image-ports.ts'
import { fakeSdk, onePage } from '../../fakes/sdk.ts'
import { stackState } from '../../fakes/stacks.ts'
import { failureOf } from '../../support/failure.ts'
import { desired, refused, set, planned, rest, port, names } from './support/sets.ts'

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

describe('change sets', () => {
  describe('that nobody waits for any more', () => {
    it('are removed with the empty stack that they made, on Ctrl-C', async () => {
      const { sdk, find, left } = shell()
      const error = await failureOf(makeChangeSets(sdk, { find, clock: stopped(), rest }).plan(desired, undefined))
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
      assert.equal((await failureOf(sets.plan(desired, stackState('web')))).code, 'INTERRUPTED')
      assert.equal(names(sdk).filter((name) => name === 'DeleteChangeSet').length, 4)
      assert.ok(!names(sdk).includes('DeleteStack'))
    })

    it('are removed when Ctrl-C came during the last request', async () => {
      const sdk = fakeSdk({ DescribeChangeSet: () => set() })
      const sets = makeChangeSets(sdk, { find: () => Promise.resolve(undefined), clock: stopped(), rest })
      assert.equal((await failureOf(sets.plan(desired, undefined))).code, 'INTERRUPTED')
      assert.ok(names(sdk).includes('DeleteChangeSet'))
    })

    it('are removed when the wait for them fails, and the failure is told', async () => {
      const sdk = fakeSdk({ DescribeChangeSet: () => refused('ThrottledX', 'slower') })
      assert.match((await failureOf(port(sdk).plan(desired, undefined))).message, /slower/)
      assert.ok(names(sdk).includes('DeleteChangeSet'))
    })

    it('are named when they cannot be removed', async () => {
      const sdk = fakeSdk({
        DescribeChangeSet: () => set({ Status: 'CREATE_IN_PROGRESS' }),
        DeleteChangeSet: () => refused('AccessDeniedX', 'not allowed to'),
      })
      const error = await failureOf(
        makeChangeSets(sdk, { find: () => Promise.resolve(undefined), clock: stopped(), rest }).plan(
          desired,
          undefined,
        ),
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
      const error = await failureOf(port(sdk).plan(desired, undefined))
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
