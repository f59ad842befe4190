import assert from 'node:assert/strict'
import {
  DescribeScalingActivitiesCommand,
  UpdateAutoScalingGroupCommand,
  type Activity,
} from '@aws-sdk/client-auto-scaling'
import { GetConsoleOutputCommand } from '@aws-sdk/client-ec2'
import { DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation'
import { after, before, describe, it } from 'mocha'
import { alarmState } from '../../rehearsal/contract/support/alarms.ts'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { copyOf, launched } from './support/machines.ts'
import { startRehearsal, type Rehearsal } from '../../rehearsal/contract/support/rehearsal.ts'
import { statusOf } from './support/stacks.ts'
import { until } from '../../rehearsal/contract/support/until.ts'
import { newUser, type Ended, type User } from './support/user.ts'
import { identityAt, urlOf, visit } from './support/visitor.ts'

const here = 'ENV=integration'
const foundation = 'acme-shop-integration-foundation'
const app = 'acme-shop-integration-app-web-main'
const nginx = 'packer/web/files/nginx.conf'

/**
 * A roll-out where AWS does the least that its pages promise: a refresh waits for hook and warm-up and for no target's
 * health, hosts are counted zone by zone, an alarm from before ends a refresh.
 */
describe('a roll-out that AWS does not gate by target health', function () {
  this.timeout(300_000)
  let rehearsal: Rehearsal
  let user: User
  let aws: ReturnType<typeof clients>
  let good = ''

  const bake = async (): Promise<string> => (await user.does('bake')).stdout.trim()
  const update = (image: string, ...words: readonly string[]): Promise<Ended> =>
    user.make('update-app', here, `IMAGE=${image}`, 'YES=1', ...words)
  /** Rolls an image out under a visitor's eyes, who loses nothing. */
  const watched = async (image: string): Promise<Ended> => {
    const visitor = await visit(user, 'integration')
    try {
      return await update(image)
    } finally {
      const { sent, lost } = await visitor.stop()
      assert.deepEqual(lost, [])
      assert.ok(sent > 50)
    }
  }
  const launches = async (image: string): Promise<readonly Activity[]> => {
    const machines = await launched(aws, 'integration', image)
    assert.notDeepEqual(machines, [])
    const asked = new DescribeScalingActivitiesCommand({ AutoScalingGroupName: app })
    const { Activities = [] } = await aws.autoscaling.send(asked)
    const all = machines.map((machine) => `Launching a new EC2 instance: ${machine}`)
    return Activities.filter(({ Description = '' }) => all.includes(Description))
  }
  const isOnGood = async (): Promise<void> => {
    assert.equal(await statusOf(aws, app), 'UPDATE_ROLLBACK_COMPLETE')
    assert.equal((await identityAt(user, 'integration')).imageId, good)
  }
  const alarm = async (stack: string, id: string): Promise<string> => {
    const asked = new DescribeStackResourceCommand({ StackName: stack, LogicalResourceId: id })
    const { StackResourceDetail } = await aws.cloudformation.send(asked)
    return alarmState(rehearsal, StackResourceDetail!.PhysicalResourceId!)
  }

  before(async () => {
    rehearsal = await startRehearsal('journey-roll-out')
    user = await newUser('roll-out', rehearsal)
    aws = clients(rehearsal)
    await rehearsal.read({ 'refresh-waits-for-target-health': false, 'host-counts-by-zone': true })
    await user.does('create-environment', here, 'YES=1')
    await user.does('create-pipeline', 'YES=1')
    await user.commits('Fail on demand', nginx, (text) =>
      text.replace('  location / {', '  location = /fails {\n    return 500;\n  }\n\n  location / {'),
    )
    good = await bake()
    await user.does('create-app', here, `IMAGE=${good}`, 'YES=1')
  })

  after(async () => {
    await rehearsal.down()
    await user.leaves()
  })

  it('ships a good image without losing a request (A15, B21)', async () => {
    good = await copyOf(aws, good, 'acme-shop/copy')
    const { code, stderr } = await watched(good)
    assert.equal(code, 0, stderr)
    assert.equal(await statusOf(aws, app), 'UPDATE_COMPLETE')
    assert.equal((await identityAt(user, 'integration')).imageId, good)
    assert.deepEqual(
      (await launches(good)).map(({ StatusCode }) => StatusCode),
      ['Successful'],
    )
  })

  it('lets no instance into service that never answers, loses no request and goes back (A15, B21)', async () => {
    const [right, wrong] = ['listen 80 default_server', 'listen 127.0.0.1:80 default_server']
    await user.commits('Listen on loopback only', nginx, (text) => text.replace(right, wrong))
    const bad = await bake()
    await user.commits('Listen to all again', nginx, (text) => text.replace(wrong, right))
    const { code, stderr } = await watched(bad)
    assert.notEqual(code, 0)
    assert.match(stderr, /The CloudWatch alarm acme-shop-integration-app-web-main-StartAlarm-\w+ is in the ALARM state/)
    assert.deepEqual(
      (await launches(bad)).filter(({ StatusCode }) => StatusCode === 'Successful'),
      [],
    )
    const [InstanceId = ''] = await launched(aws, 'integration', bad)
    const { Output = '' } = await aws.ec2.send(new GetConsoleOutputCommand({ InstanceId }))
    assert.match(Buffer.from(Output, 'base64').toString(), /^riglet: not in service yet: .*Connection refused/m)
    await isOnGood()
  })

  it('ends while the new instance warms up, if only the load balancer finds it unhealthy', async () => {
    const [right, wrong] = ['  location / {', '  location / {\n    if ($http_user_agent ~ ELB-Health) { return 503; }']
    await user.commits('Answer all but the load balancer', nginx, (text) => text.replace(right, wrong))
    const bad = await bake()
    await user.commits('Answer all again', nginx, (text) => text.replace(wrong, right))
    const { code, stderr } = await watched(bad)
    assert.notEqual(code, 0)
    assert.match(stderr, /The CloudWatch alarm \S+-UnhealthyAlarm-\w+ is in the ALARM state/)
    assert.deepEqual(
      (await launches(bad)).map(({ StatusCode }) => StatusCode),
      ['Successful'],
    )
    await isOnGood()
  })

  it('is stopped by an alarm from before, unless the fix is to ignore it', async () => {
    await rehearsal.read({ 'earlier-alarm-ends-refresh': true })
    const url = await urlOf(user, 'integration')
    const complaints = setInterval(() => void fetch(`${url}/fails`).catch(() => undefined), 100)
    try {
      await until(
        () => alarm(app, 'ErrorAlarm'),
        (state) => state === 'ALARM',
      )
      const fix = await copyOf(aws, good, 'acme-shop/fix')
      const { code, stderr } = await update(fix)
      assert.notEqual(code, 0)
      assert.match(stderr, /The CloudWatch alarm \S+-ErrorAlarm-\w+ is in the ALARM state/)
      assert.match(stderr, /ROLL_OUT_ALARMS=ignore/)
      // The alarm ends the roll-back's own refresh, too: a person lets it go on, as docs/recovering.md says.
      assert.equal(await statusOf(aws, app), 'UPDATE_ROLLBACK_FAILED')
      assert.match((await update(fix)).stderr, /make recover-app ENV=integration/)
      const { stdout } = await user.does('recover-app', 'ENV=integration', 'SKIP=Group', 'YES=1')
      assert.match(stdout, /failed +Group[^]*skipped +Group: stays as it is now/)
      assert.equal(await statusOf(aws, app), 'UPDATE_ROLLBACK_COMPLETE')
      await isOnGood()
      const ended = await update(fix, 'ROLL_OUT_ALARMS=ignore')
      assert.equal(ended.code, 0, ended.stderr)
      assert.equal((await identityAt(user, 'integration')).imageId, fix)
    } finally {
      clearInterval(complaints)
    }
  })

  it('tells a total outage twice: nobody is there, and the load balancer answers by itself', async () => {
    const visitor = await visit(user, 'integration')
    const size = (MinSize: number) =>
      aws.autoscaling.send(
        new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: app, MinSize, DesiredCapacity: MinSize }),
      )
    const both = () => Promise.all([alarm(app, 'OutageAlarm'), alarm(foundation, 'LoadBalancerErrorAlarm')])
    try {
      await until(both, (states) => states.join() === 'OK,OK')
      await size(0)
      await until(both, (states) => states.join() === 'ALARM,ALARM')
      await size(1)
      await until(both, (states) => states.join() === 'OK,OK')
    } finally {
      await visitor.stop()
    }
  })
})
