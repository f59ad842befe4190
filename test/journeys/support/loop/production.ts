import assert from 'node:assert/strict'
import type { Past } from '../../../../scripts/core/pipeline/history.ts'
import { imageOf } from '../machines.ts'
import { approveInConsole, approveShown, digestShown } from '../pipeline.ts'
import { callsFor, lastCall, statusOf } from '../stacks.ts'
import { identityAt } from '../visitor.ts'
import { type Day, pipeline, productionStack } from './day.ts'

/** Production is frozen, approved in the console all the same, and thawed. */
export async function freeze({ rehearsal, user, aws, first }: Day): Promise<void> {
  await user.does('retry-pipeline')
  await user.does('watch-pipeline')
  const since = await lastCall(rehearsal)
  const digest = await digestShown(user)
  await user.does('freeze', 'ENV=production', 'UNTIL=2099-12-24T18:00Z', 'REASON=Christmas trade')
  const words = /production is FROZEN until 2099-12-24T18:00Z: Christmas trade/
  for (const screen of ['status', 'watch-pipeline', 'show-approval']) {
    const { stdout, stderr } = await user.does(screen)
    assert.match(stdout + stderr, words, screen)
  }
  const early = await user.make('approve', `DIGEST=${digest}`)
  assert.notEqual(early.code, 0)
  assert.match(early.stderr, /production is frozen until 2099-12-24T18:00Z: Christmas trade \(by root\)/)
  await approveInConsole(aws, pipeline, `digest ${digest}`)
  const { code, stderr } = await user.make('watch-pipeline')
  assert.notEqual(code, 0)
  assert.match(stderr, /Production Guard failed: /)
  assert.match(stderr, /production is frozen until 2099-12-24T18:00Z/)
  assert.equal(await callsFor(rehearsal, 'ExecuteChangeSet', productionStack, since), 0)
  assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
  await user.does('thaw', 'ENV=production')
  const [last, ...before] = (JSON.parse((await user.does('history', 'JSON=1')).stdout) as { executions: Past[] })
    .executions
  assert.deepEqual(
    [last?.version, last?.status, last?.stages.at(-1)?.action, last?.pusher.endsWith(':root')],
    ['2.0.0', 'Failed', 'Guard', true],
  )
  assert.deepEqual(
    last?.answers.map(({ approved, digest: named, words: said }) => [approved, named, said]).slice(0, 2),
    [
      [true, digest, `digest ${digest}`],
      [false, '', 'too late on a Friday'],
    ],
  )
  assert.equal(before.find(({ image }) => image === first.imageId)?.answers.length, 1)
  assert.ok(before.every(({ control }) => control === null || control.commit === last?.control?.commit))
}

/** What was approved is executed, and fails. */
export async function failToExecute({ rehearsal, user, aws, first }: Day): Promise<void> {
  await user.does('retry-pipeline')
  await user.does('watch-pipeline')
  const message = 'You have already reached a limit for your Amazon EC2 Auto Scaling resources'
  // Once: the roll-back's own refresh goes through.
  const limit = { kind: 'error', code: 'LimitExceeded', message, times: 1 } as const
  await rehearsal.fault({ ...limit, operation: 'StartInstanceRefresh' })
  await approveShown(user)
  const { code, stderr } = await user.make('watch-pipeline')
  await rehearsal.calm()
  assert.notEqual(code, 0)
  assert.match(stderr, /Production Execute failed: Group \(AWS::AutoScaling::AutoScalingGroup\): /)
  assert.ok(stderr.includes(message), stderr)
  assert.match(stderr, /`make retry-pipeline` plans and asks again/)
  assert.equal(await statusOf(aws, productionStack), 'UPDATE_ROLLBACK_COMPLETE')
  assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
}

/** What failed is tried again, approved, and ships. */
export async function retryProduction({ rehearsal, user, aws, first }: Day): Promise<void> {
  const since = await lastCall(rehearsal)
  await user.does('retry-pipeline')
  const { stderr } = await user.does('watch-pipeline')
  assert.match(stderr, /Production Approve\s+waits for your approval/)
  assert.equal(await callsFor(rehearsal, 'CreateChangeSet', productionStack, since), 1)
  assert.equal(await callsFor(rehearsal, 'ExecuteChangeSet', productionStack, since), 0)
  assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
  await approveShown(user)
  await user.does('watch-pipeline')
  assert.equal(await callsFor(rehearsal, 'ExecuteChangeSet', productionStack, since), 1)
  assert.equal(await statusOf(aws, productionStack), 'UPDATE_COMPLETE')
  const { version, imageId } = await identityAt(user, 'production')
  assert.deepEqual([version, imageId], ['2.0.0', await imageOf(aws, '2.0.0')])
}
