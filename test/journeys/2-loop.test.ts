import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { ListBuildsForProjectCommand, StopBuildCommand } from '@aws-sdk/client-codebuild'
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DisableImageCommand,
  EnableImageCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2'
import type { Packet } from '../../scripts/core/approval/packet.ts'
import type { Past } from '../../scripts/core/pipeline/history.ts'
import type { Visitor } from '../../demo/traffic.ts'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { inventory } from './support/inventory.ts'
import { builders, halfMade, imageOf, keyPairs, launched } from './support/machines.ts'
import { subnets } from './support/network.ts'
import { approveInConsole, approveShown, digestShown, reportsOf, rolledBack, toldActions } from './support/pipeline.ts'
import { startRehearsal, type Rehearsal } from '../../rehearsal/contract/support/rehearsal.ts'
import { callsFor, setByHand, statusOf } from './support/stacks.ts'
import { goAbroad, makeStrangers } from './support/strangers.ts'
import { until } from '../../rehearsal/contract/support/until.ts'
import { newUser, setVersion, type User } from './support/user.ts'
import { identityAt, visit, type Identity } from './support/visitor.ts'

const vars = 'packer/web/web.pkrvars.hcl'
const jobs = 'acme-shop-jobs-web-main'
const pipeline = 'acme-shop-pipeline-web-main'
const integrationStack = 'acme-shop-integration-app-web-main'
const productionStack = 'acme-shop-production-app-web-main'

/** Journeys b to e, what h says of production, and i: one riglet, one day. */
describe('a riglet from its first push to its end', function () {
  this.timeout(600_000)
  let rehearsal: Rehearsal
  let user: User
  let aws: ReturnType<typeof clients>
  let first: Identity

  const lastCall = async (): Promise<number> => (await rehearsal.journal()).at(-1)!.number

  before(async () => {
    rehearsal = await startRehearsal('journey-loop')
    user = await newUser('loop', rehearsal)
    aws = clients(rehearsal)
  })

  after(async () => {
    await rehearsal.down()
    await user.leaves()
  })

  it('is created and ships its first version to production after an approval (R44, A01, A03)', async () => {
    await user.does('create-riglet', 'YES=1')
    await user.does('push')
    const { stderr: before } = await user.does('watch-pipeline')
    const done = [
      ...['Source Source', 'Source Control', 'Bake Bake', 'Verify Verify', 'Verify Configure'],
      ...['Integration Deploy', 'Integration Smoke', 'Staging Deploy', 'Staging Smoke'],
      ...['Plan Await', 'Plan ChangeSet', 'Plan Packet', 'Production ChangeSet', 'Production Packet'],
    ].map((action) => `${action} ok`)
    assert.deepEqual(toldActions(before), [...done, 'Production Approve waits'])
    assert.equal(await statusOf(aws, productionStack), 'REVIEW_IN_PROGRESS')
    await approveShown(user)
    const { stderr: after } = await user.does('watch-pipeline')
    const rest = ['Approve', 'Guard', 'Execute', 'Smoke'].map((action) => `Production ${action} ok`)
    assert.deepEqual(toldActions(after), [...done, ...rest])
    first = await identityAt(user, 'production')
    assert.equal(first.imageId, await imageOf(aws, first.version))
  })

  it('has a network for each environment, with fixed addresses in two zones (R19)', async () => {
    const blocks = { 1: 'a', 2: 'b', 11: 'a', 12: 'b', 100: 'a', 110: 'b' }
    assert.deepEqual(await subnets(rehearsal), {
      '10.1.0.0/16': { ...blocks, 50: 'a' },
      '10.2.0.0/16': blocks,
      '10.3.0.0/16': blocks,
    })
  })

  it('says at once that nothing changes, with at most two calls, and exits 0', async () => {
    const times: number[] = []
    for (let run = 0; run < 3; run += 1) {
      const since = await lastCall()
      const began = performance.now()
      const { stdout } = await user.does('update-environment', 'ENV=staging', 'YES=1')
      times.push(performance.now() - began)
      assert.equal(stdout, 'acme-shop staging: in sync, nothing to change\n')
      const calls = (await rehearsal.journal(since)).filter(({ principal }) => principal.endsWith(':root'))
      assert.ok(calls.length >= 1 && calls.length <= 2, calls.map(({ operation }) => operation).join(', '))
    }
    // Below a second on a machine that does nothing else; here another journey runs beside, so three times that.
    assert.ok(Math.min(...times) < 3000, `the fastest of ${times.map((time) => time.toFixed(0)).join(', ')} ms`)
  })

  it('is in sync after its roll-out (R64)', async () => {
    const { code, stdout, stderr } = await user.make('drift')
    assert.equal(code, 0, stdout + stderr)
  })

  it('leaves nothing of a bake that is stopped when its image is half made, without anybody doing anything', async () => {
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
  })

  it('stops an image at Verify when its checks fail, and leaves nothing running (G08)', async () => {
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
  })

  it('rolls integration back when an image never answers, loses no request and names the cause (B21, A15)', async () => {
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
  })

  it('refuses an approval with another digest, and production stays (R45)', async () => {
    await user.commits('Version 2', vars, setVersion('2.0.0'))
    await user.does('push')
    await user.does('watch-pipeline')
    const { code, stderr } = await user.make('approve', 'DIGEST=0123456789abcdef')
    assert.notEqual(code, 0)
    assert.match(stderr, /does not name what waits/)
    assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
  })

  it('refuses an approval while the new image cannot be launched, whose packet checked all of that (B25)', async () => {
    const shown = (await user.does('show-approval', 'JSON=1')).stdout
    const { digest, packet } = JSON.parse(shown) as { digest: string; packet: Packet }
    assert.deepEqual([packet.unchecked, packet.noWayBack], [[], []])
    const ImageId = packet.decisive.newImage.id
    await aws.ec2.send(new DisableImageCommand({ ImageId }))
    const { code, stderr } = await user.make('approve', `DIGEST=${digest.slice(0, 16)}`)
    await aws.ec2.send(new EnableImageCommand({ ImageId }))
    assert.notEqual(code, 0)
    assert.match(stderr, new RegExp(`the new image ${ImageId} is disabled now`))
    assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
  })

  it('refuses an approval after the stack was changed by hand, and names what moved', async () => {
    const digest = await digestShown(user)
    await setByHand(aws, productionStack, 'MaxSize', '5')
    const { code, stderr } = await user.make('approve', `DIGEST=${digest}`)
    assert.notEqual(code, 0)
    assert.match(stderr, /the stack is deployed with MaxSize 5, not/)
    assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
  })

  it('executes nothing when it is approved in the console all the same: its guard names what moved (B04)', async () => {
    const since = await lastCall()
    const seen = await digestShown(user)
    await approveInConsole(aws, pipeline, `Looks good: ${seen}`)
    const { code, stderr } = await user.make('watch-pipeline')
    assert.notEqual(code, 0)
    assert.match(stderr, /Production Guard failed: /)
    assert.match(stderr, /the stack is deployed with MaxSize 5, not/)
    assert.deepEqual(toldActions(stderr).slice(-2), ['Production Approve ok', 'Production Guard FAILED'])
    assert.equal(await callsFor(rehearsal, 'ExecuteChangeSet', productionStack, since), 0)
    assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
  })

  it('plans anew when it is tried again, and rejects with a reason that it keeps; production stays', async () => {
    const since = await lastCall()
    await user.does('retry-pipeline')
    await user.does('watch-pipeline')
    assert.equal(await callsFor(rehearsal, 'CreateChangeSet', productionStack, since), 1)
    await user.does('reject', 'REASON=too late on a Friday')
    const { code, stderr } = await user.make('watch-pipeline')
    assert.notEqual(code, 0)
    assert.match(stderr, /too late on a Friday/)
    assert.equal(await callsFor(rehearsal, 'ExecuteChangeSet', productionStack, since), 0)
    assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
  })

  it('lets nothing through in a freeze, also what is approved in the console, and tells so', async () => {
    await user.does('retry-pipeline')
    await user.does('watch-pipeline')
    const since = await lastCall()
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
  })

  it('brings production’s old image back when its execution fails, and says why', async () => {
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
  })

  it('retries a failed production execution: it is planned, shown and asked anew, and ships', async () => {
    const since = await lastCall()
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
  })

  it('names a security group opened by hand and an instance of another image, and exits 2 (R64)', async () => {
    const { SecurityGroups = [] } = await aws.ec2.send(
      new DescribeSecurityGroupsCommand({
        Filters: [{ Name: 'tag:aws:cloudformation:stack-name', Values: ['acme-shop-staging-*'] }],
      }),
    )
    const GroupId = SecurityGroups[0]?.GroupId
    const opened = {
      GroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }
    await aws.ec2.send(new AuthorizeSecurityGroupIngressCommand(opened))
    const { Subnets = [] } = await aws.ec2.send(
      new DescribeSubnetsCommand({
        Filters: [{ Name: 'tag:aws:cloudformation:stack-name', Values: ['acme-shop-staging-foundation'] }],
      }),
    )
    const { Instances = [] } = await aws.ec2.send(
      new RunInstancesCommand({
        ImageId: first.imageId,
        InstanceType: 't3.small',
        MinCount: 1,
        MaxCount: 1,
        SubnetId: Subnets[0]?.SubnetId,
      }),
    )
    const orphan = Instances[0]?.InstanceId ?? ''
    const { code, stdout } = await user.make('drift', 'ENV=staging')
    assert.equal(code, 2, stdout)
    assert.match(stdout, new RegExp(GroupId!))
    assert.match(stdout, new RegExp(orphan))
    assert.match(stdout, new RegExp(first.imageId))
    const data = JSON.parse((await user.make('drift', 'ENV=staging', 'JSON=1')).stdout) as {
      findings: { type: string }[]
    }
    assert.ok(data.findings.every(({ type }) => type === 'drifted'))
    await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [orphan] }))
    await aws.ec2.send(new RevokeSecurityGroupIngressCommand(opened))
  })

  it('is deleted without a trace in every region, and nothing else is touched (R14)', async () => {
    const own = await inventory(rehearsal)
    await makeStrangers(rehearsal)
    const strangers = (await inventory(rehearsal)).filter((line) => !own.includes(line))
    assert.deepEqual(
      strangers.map((line) => line.replace(/(snapshot|instance) \S+$/, '$1')),
      [
        'bucket acme-shop-two-source',
        'bucket acme-shopping-source',
        'us-east-1 image acme-blog/web/1.0.0',
        'us-east-1 instance',
        'us-east-1 parameter /acme/blog/one',
        'us-east-1 parameter /acme/shop-two/one',
        'us-east-1 snapshot',
        'us-east-1 stack acme-blog-production-foundation',
        'us-east-1 stack acme-shop-two-production-foundation',
      ],
    )
    await goAbroad(rehearsal, first.imageId, 'eu-central-1')
    const all = await inventory(rehearsal)
    assert.equal(all.filter((line) => line.startsWith('eu-central-1 ')).length, 4)

    const refused = await user.make('delete-riglet', 'RIGLET=acme-blog')
    assert.notEqual(refused.code, 0)
    assert.match(refused.stdout, /All of acme-shop will be DELETED, and cannot be brought back/)
    assert.deepEqual(await inventory(rehearsal), all)
    const { stdout } = await user.does('delete-riglet', 'RIGLET=acme-shop')
    assert.match(stdout, /eu-central-1/)
    assert.deepEqual(await inventory(rehearsal), strangers)
  })
})
