import assert from 'node:assert/strict'
import {
  CancelInstanceRefreshCommand,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  DescribeScalingActivitiesCommand,
  SetDesiredCapacityCommand,
  StartInstanceRefreshCommand,
  type AutoScalingGroup,
} from '@aws-sdk/client-auto-scaling'
import { CreateLaunchTemplateCommand, CreateLaunchTemplateVersionCommand } from '@aws-sdk/client-ec2'
import { before, describe, it } from 'mocha'
import { onRehearsal, refusal, until } from './support/ground.ts'
import { instance, makeSite, webServer, type Site } from './support/site.ts'
import { health, makeWeb, type Web } from './support/web.ts'

const AutoScalingGroupName = 'web'

describe('Auto Scaling, as AWS documents it', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const scaling = () => ground.aws.autoscaling
  let site: Site
  let web: Web
  let first = ''

  const group = async (): Promise<AutoScalingGroup> => {
    const asked = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] })
    return (await scaling().send(asked)).AutoScalingGroups![0]!
  }
  const version = (Version: string) => ({ LaunchTemplateName: 'web', Version })
  const refreshes = async () =>
    (await scaling().send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName }))).InstanceRefreshes!
  const refresh = (more: object = {}) =>
    scaling().send(
      new StartInstanceRefreshCommand({
        AutoScalingGroupName,
        DesiredConfiguration: { LaunchTemplate: version('2') },
        Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 200, InstanceWarmup: 0, ...more },
      }),
    )

  before(async () => {
    site = await makeSite(ground)
    web = await makeWeb(ground, site, 'web')
    const data = { ImageId: site.image, InstanceType: 't3.micro' as const, UserData: webServer }
    const LaunchTemplateData = { ...data, SecurityGroupIds: [site.group] }
    const LaunchTemplateName = 'web'
    await ground.aws.ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData }))
    await ground.aws.ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateName, LaunchTemplateData }))
  })

  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html
  it('launches its instances and registers them with the target group', async () => {
    await scaling().send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName,
        LaunchTemplate: version('1'),
        MinSize: 1,
        MaxSize: 2,
        VPCZoneIdentifier: site.subnets.join(','),
        TargetGroupARNs: [web.group],
        HealthCheckType: 'ELB',
        HealthCheckGracePeriod: 60,
        Tags: [{ Key: 'Team', Value: 'a', PropagateAtLaunch: true }],
      }),
    )
    const { Instances: [member] = [] } = await until(
      group,
      ({ Instances = [] }) => Instances[0]?.LifecycleState === 'InService',
    )
    first = member!.InstanceId!
    assert.deepEqual([member?.HealthStatus, member?.LaunchTemplate?.Version], ['Healthy', '1'])
    await until(
      () => health(ground, web.group, first),
      ({ State }) => State === 'healthy',
    )
    const tags = Object.fromEntries((await instance(ground, first)).Tags!.map(({ Key, Value }) => [Key, Value]))
    assert.deepEqual([tags['aws:autoscaling:groupName'], tags['Team']], ['web', 'a'])
    const { Activities: [activity] = [] } = await scaling().send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName }),
    )
    assert.equal(activity?.StatusCode, 'Successful')
    assert.equal(activity?.Description, `Launching a new EC2 instance: ${first}`)
  })

  // https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
  // https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html
  it('refuses what is taken, in use or out of bounds', async () => {
    const asked = { AutoScalingGroupName, LaunchTemplate: version('1'), MinSize: 0, MaxSize: 0 }
    const taken = new CreateAutoScalingGroupCommand({ ...asked, VPCZoneIdentifier: site.subnets[0]! })
    assert.match((await refusal(scaling().send(taken))).code, /^AlreadyExists/)
    const used = new DeleteAutoScalingGroupCommand({ AutoScalingGroupName })
    assert.match((await refusal(scaling().send(used))).code, /^ResourceInUse/)
    const many = new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 3 })
    assert.deepEqual(await refusal(scaling().send(many)), {
      code: 'ValidationError',
      message: 'New SetDesiredCapacity value 3 is above max value 2 for the AutoScalingGroup.',
    })
  })

  // https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_StartInstanceRefresh.html
  // https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CancelInstanceRefresh.html
  it('refreshes once at a time, and leaves the group as it was when that is cancelled', async () => {
    const { InstanceRefreshId } = await refresh()
    assert.match((await refusal(refresh())).code, /^InstanceRefreshInProgress/)
    const cancel = new CancelInstanceRefreshCommand({ AutoScalingGroupName, WaitForTransitioningInstances: false })
    assert.equal((await scaling().send(cancel)).InstanceRefreshId, InstanceRefreshId)
    const [ended] = await until(refreshes, ([latest]) => latest?.Status === 'Cancelled')
    assert.equal(ended?.InstanceRefreshId, InstanceRefreshId)
    assert.equal((await group()).LaunchTemplate?.Version, '1')
    assert.match((await refusal(scaling().send(cancel))).code, /^ActiveInstanceRefreshNotFound/)
  })

  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
  it('replaces what is there before the refresh succeeds, and then keeps the new configuration', async () => {
    await refresh()
    const [done] = await until(refreshes, ([latest]) => latest?.Status === 'Successful', 40)
    assert.deepEqual([done?.PercentageComplete, done?.InstancesToUpdate], [100, 0])
    const after = await group()
    assert.equal(after.LaunchTemplate?.Version, '2')
    assert.ok(after.Instances?.every(({ InstanceId }) => InstanceId !== first))
    assert.equal(after.Instances?.find((one) => one.LifecycleState === 'InService')?.LaunchTemplate?.Version, '2')
    const { Reason } = await health(ground, web.group, first)
    assert.match(Reason ?? '', /^Target\.(?:DeregistrationInProgress|NotRegistered)$/)
  })
})
