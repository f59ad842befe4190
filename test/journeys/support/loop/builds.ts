import assert from 'node:assert/strict'
import { ListBuildsForProjectCommand, StopBuildCommand } from '@aws-sdk/client-codebuild'
import { DescribeSnapshotsCommand } from '@aws-sdk/client-ec2'
import type { Visitor } from '../../../../demo/traffic.ts'
import { builders, halfMade, imageOf, keyPairs, launched } from '../machines.ts'
import { reportsOf, rolledBack, toldActions } from '../pipeline.ts'
import { statusOf } from '../stacks.ts'
import { until } from '../../../../rehearsal/contract/support/until.ts'
import { setVersion } from '../user.ts'
import { identityAt, visit } from '../visitor.ts'
import { type Day, vars, jobs, pipeline, integrationStack } from './day.ts'

/** A bake is stopped when its image is half made. */
export async function stopHalfMade({ rehearsal, user, aws, first }: Day): Promise<void> {
  await user.commits('Raise the version', vars, setVersion('1.0.1'))
  // Packer tags its image last of all; so it never comes to that.
  await rehearsal.fault({ kind: 'throttle', operation: 'CreateTags' })
  await user.does('push')
  const [half] = await until(
    () => halfMade(aws),
    (found) => found.length === 1,
    180,
  )
  assert.equal((await keyPairs(aws)).length, 1)
  const { ids: [id = ''] = [] } = await aws.codebuild.send(
    new ListBuildsForProjectCommand({ projectName: `${jobs}-bake` }),
  )
  await aws.codebuild.send(new StopBuildCommand({ id }))
  await rehearsal.calm()
  await until(
    async () => [...(await builders(aws)), ...(await keyPairs(aws)), ...(await halfMade(aws))],
    (left) => left.length === 0,
  )
  const snapshots = await aws.ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }))
  assert.equal(snapshots.Snapshots?.length, 1, `the first version's alone, and nothing of ${half}`)
  assert.notEqual((await user.make('watch-pipeline')).code, 0)
  assert.equal((await identityAt(user, 'integration')).imageId, first.imageId)
}

/** An image comes whose checks fail. */
export async function failChecks({ user, aws, first }: Day): Promise<void> {
  await user.commits(
    'Forget to start nginx',
    'packer/web/provision/99-clean.sh',
    (text) => `${text}\nsystemctl disable nginx.service\n`,
  )
  await user.commits('Raise the version', vars, setVersion('1.1.0'))
  await user.does('push')
  const { code, stderr } = await user.make('watch-pipeline')
  await user.commits('Start nginx again', 'packer/web/provision/99-clean.sh', (text) =>
    text.replace('\nsystemctl disable nginx.service\n', ''),
  )
  assert.notEqual(code, 0)
  assert.match(stderr, /Verify Verify failed: /)
  assert.match(stderr, /fails \d+ checks:/)
  assert.match(stderr, /Service nginx running/)
  assert.deepEqual(toldActions(stderr), [
    ...['Source Source ok', 'Source Control ok', 'Bake Bake ok'],
    ...['Verify Verify FAILED', 'Verify Configure ok'],
  ])
  assert.deepEqual(await reportsOf(aws, `${jobs}-verify`), ['FAILED'])
  assert.deepEqual(await builders(aws), [])
  assert.deepEqual(await launched(aws, 'integration', await imageOf(aws, '1.1.0')), [])
  assert.equal((await identityAt(user, 'integration')).imageId, first.imageId)
}

/** An image comes that never answers, while a visitor asks. */
export async function neverAnswer({ user, aws, first }: Day): Promise<void> {
  await user.commits('Listen on loopback only', 'packer/web/files/nginx.conf', (text) =>
    text.replace('listen 80 default_server', 'listen 127.0.0.1:80 default_server'),
  )
  await user.commits('Raise the version again', vars, setVersion('1.2.0'))
  const visitor: Visitor = await visit(user, 'integration')
  let [stack, rollBack, failed] = ['', '', { code: 0, stderr: '' }]
  try {
    await user.does('push')
    failed = await user.make('watch-pipeline')
    stack = await statusOf(aws, integrationStack)
    rollBack = await rolledBack(aws, pipeline)
  } finally {
    await visitor.stop()
  }
  await user.commits('Listen to all again', 'packer/web/files/nginx.conf', (text) =>
    text.replace('listen 127.0.0.1:80 default_server', 'listen 80 default_server'),
  )
  const { sent, lost } = visitor.tally()
  const { code, stderr } = failed
  assert.notEqual(code, 0, stderr)
  assert.match(
    stderr,
    /Integration Deploy failed: Group \(AWS::AutoScaling::AutoScalingGroup\): Instance refresh \S+ is Failed: .*The CloudWatch alarm acme-shop-integration-app-web-main-StartAlarm-\w+ is in the ALARM state\./,
  )
  assert.match(stderr, /goes back to its last good image by itself/)
  assert.deepEqual([stack, rollBack], ['UPDATE_ROLLBACK_COMPLETE', 'Succeeded'])
  assert.notDeepEqual(await launched(aws, 'integration', await imageOf(aws, '1.2.0')), [])
  assert.deepEqual(lost, [])
  assert.ok(sent > 50)
  assert.equal((await identityAt(user, 'integration')).imageId, first.imageId)
  assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
}
