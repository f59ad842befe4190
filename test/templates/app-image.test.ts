import assert from 'node:assert/strict'
import { loadTemplate, type Resource, type Tree } from './support/template.ts'

const resource = async (id: string): Promise<Resource> => (await loadTemplate('app-image')).Resources[id]!
const properties = async (id: string): Promise<Tree> => (await resource(id)).Properties!
const preferences = async (): Promise<Tree> => {
  const policy = (await resource('Group'))['UpdatePolicy'] as { AutoScalingInstanceRefresh: { Preferences: Tree } }
  return policy.AutoScalingInstanceRefresh.Preferences
}

type Document = { readonly Statement: readonly { readonly Action: unknown; readonly Resource: unknown }[] }

/** The alarms that end a roll-out. */
const rolling = ['StartAlarm', 'UnhealthyAlarm', 'ErrorAlarm']
/** Seconds that CloudWatch may take to have a period's data and to look at it; it promises none (unchecked). */
const delay = 60
/** Seconds until the load balancer has noticed a failing instance, the last check's own timeout included. */
const noticed = async (): Promise<number> => {
  const group = await properties('TargetGroup')
  return (
    Number(group['HealthCheckIntervalSeconds']) * Number(group['UnhealthyThresholdCount']) +
    Number(group['HealthCheckTimeoutSeconds'])
  )
}
/**
 * The longest that an alarm takes after that: with a maximum or minimum over whole periods the one that has begun counts
 * or does not, with a share it may be the next one.
 */
const fires = async (name: string): Promise<number> => {
  const { EvaluationPeriods, Statistic, Period } = await properties(name)
  const begun = Statistic === 'Maximum' ? 0 : 1
  return Number(Period ?? 60) * (Number(EvaluationPeriods) + begun)
}
const bootCheck = async (): Promise<string> => {
  const { LaunchTemplateData } = (await properties('LaunchTemplate')) as unknown as {
    LaunchTemplateData: { UserData: { 'Fn::Base64': { 'Fn::Sub': [string, Tree] } } }
  }
  return LaunchTemplateData.UserData['Fn::Base64']['Fn::Sub'][0]
}

describe('an app on an image', () => {
  it('takes the image as a parameter, so that every change set shows it', async () => {
    const { Parameters } = await loadTemplate('app-image')
    assert.equal(Parameters['ImageId']?.Type, 'AWS::EC2::Image::Id')
    const { LaunchTemplateData } = (await properties('LaunchTemplate')) as { LaunchTemplateData: Tree }
    assert.deepEqual(LaunchTemplateData['ImageId'], { Ref: 'ImageId' })
  })

  it('rolls to a new image by instance refresh, on a launch template version with a number (A15)', async () => {
    const template = (await properties('Group'))['LaunchTemplate'] as Tree
    assert.deepEqual(template['Version'], { 'Fn::GetAtt': ['LaunchTemplate', 'LatestVersionNumber'] })
    assert.equal((await preferences())['SkipMatching'], true)
  })

  it('never asks for another group, so that a plan may say that a group rolls', async () => {
    const policy = (await resource('Group'))['UpdatePolicy'] as Tree
    assert.deepEqual(Object.keys(policy), ['AutoScalingInstanceRefresh'])
  })

  it('starts new instances before it ends old ones, and all of them at once', async () => {
    const { MinHealthyPercentage, MaxHealthyPercentage } = await preferences()
    assert.deepEqual([MinHealthyPercentage, MaxHealthyPercentage], [100, 200])
  })

  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html
  it('lets an instance into service only when it says so itself, and ends one that never does', async () => {
    const { LifecycleHookSpecificationList, AutoScalingGroupName } = await properties('Group')
    const [hook, ...more] = LifecycleHookSpecificationList as unknown as Tree[]
    assert.deepEqual(more, [])
    assert.equal(hook?.['LifecycleTransition'], 'autoscaling:EC2_INSTANCE_LAUNCHING')
    assert.equal(hook['DefaultResult'], 'ABANDON')
    const [, words] = /^GROUP, HOOK = (.*)$/m.exec(await bootCheck())!
    const group = AutoScalingGroupName as { 'Fn::Sub': string }
    assert.equal(words, `"${group['Fn::Sub']}", "${String(hook['LifecycleHookName'])}"`)
  })

  it('lets its instances complete the hooks of their own group alone, as far as the boundary lets any', async () => {
    const { AutoScalingGroupName } = await properties('Group')
    const group = (AutoScalingGroupName as { 'Fn::Sub': string })['Fn::Sub']
    const [jobs, artifacts] = await Promise.all([loadTemplate('jobs'), loadTemplate('artifacts')])
    const any =
      'arn:${AWS::Partition}:autoscaling:${AWS::Region}:${AWS::AccountId}:autoScalingGroup:*:autoScalingGroupName/'
    const rightsIn = (documents: readonly Document[]) =>
      documents
        .flatMap(({ Statement }) => Statement)
        .filter(({ Action }) => JSON.stringify(Action).includes('autoscaling:'))
        .map(({ Action, Resource }) => [Action, Resource])
    const of = (name: string) => [['autoscaling:CompleteLifecycleAction', { 'Fn::Sub': any + name }]]
    for (const environment of ['Integration', 'Staging', 'Production']) {
      const { Policies } = jobs.Resources[`${environment}InstanceRole`]!.Properties!
      const documents = (Policies as unknown as { PolicyDocument: Document }[]).map((policy) => policy.PolicyDocument)
      assert.deepEqual(rightsIn(documents), of(group.replace('${Environment}', environment.toLowerCase())))
    }
    const boundary = artifacts.Resources['InstanceBoundary']!.Properties!['PolicyDocument'] as unknown as Document
    assert.deepEqual(rightsIn([boundary]), of('${Riglet}-${!aws:PrincipalTag/Environment}-app-*'))
  })

  it('watches each new instance longer than its alarms need, while the old ones stay', async () => {
    const { InstanceWarmup, AlarmSpecification } = await preferences()
    assert.deepEqual(AlarmSpecification, {
      'Fn::If': ['HasAlarms', { Alarms: rolling.map((Ref) => ({ Ref })) }, { Ref: 'AWS::NoValue' }],
    })
    for (const name of ['UnhealthyAlarm', 'ErrorAlarm']) {
      const needed = name === 'UnhealthyAlarm' ? (await noticed()) + (await fires(name)) : await fires(name)
      assert.ok(Number(InstanceWarmup) >= needed + delay, `${name} needs ${needed} s`)
    }
    for (const name of rolling) assert.equal((await properties(name))['TreatMissingData'], 'notBreaching')
  })

  it('ends the roll-out of an image that never serves before its instance is given up', async () => {
    const { LifecycleHookSpecificationList } = await properties('Group')
    const [{ HeartbeatTimeout } = {} as Tree] = LifecycleHookSpecificationList as unknown as Tree[]
    assert.ok(Number(HeartbeatTimeout) >= (await fires('StartAlarm')) + delay)
    const { MetricsCollection, AutoScalingGroupName } = await properties('Group')
    const { MetricName, Dimensions } = await properties('StartAlarm')
    assert.deepEqual(MetricsCollection, [{ Granularity: '1Minute', Metrics: [MetricName] }])
    assert.deepEqual(Dimensions, [{ Name: 'AutoScalingGroupName', Value: AutoScalingGroupName }])
  })

  it('bakes in production for as long as the alarm on errors needs under the whole load', async () => {
    const { BakeTime } = await preferences()
    const [condition, time, otherwise] = (BakeTime as { 'Fn::If': [string, number, number] })['Fn::If']
    assert.deepEqual([condition, otherwise], ['HasBakeTime', 0])
    assert.ok(time >= (await fires('ErrorAlarm')))
  })

  it('lets the alarm see an instance that gets unhealthy before it is replaced', async () => {
    const { HealthCheckGracePeriod, HealthCheckType } = await properties('Group')
    assert.equal(HealthCheckType, 'ELB')
    assert.ok(Number(HealthCheckGracePeriod) >= (await noticed()) + (await fires('UnhealthyAlarm')) + delay)
  })

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
  it('has alarms on hosts that ask the zone that has most of them', async () => {
    for (const [name, metric] of [
      ['UnhealthyAlarm', 'UnHealthyHostCount'],
      ['OutageAlarm', 'HealthyHostCount'],
    ] as const) {
      const { MetricName, Statistic, Dimensions } = await properties(name)
      assert.deepEqual([MetricName, Statistic], [metric, 'Maximum'])
      assert.deepEqual(
        (Dimensions as unknown as Tree[]).map(({ Name }) => Name),
        ['TargetGroup', 'LoadBalancer'],
      )
    }
  })

  it('tells a total outage, of which there is no number, and lets a fix roll out all the same', async () => {
    const { ComparisonOperator, Threshold, TreatMissingData, AlarmActions } = await properties('OutageAlarm')
    assert.deepEqual([ComparisonOperator, Threshold, TreatMissingData], ['LessThanThreshold', 1, 'breaching'])
    assert.match(JSON.stringify(AlarmActions), /OperationsTopicArn/)
    assert.equal((await resource('OutageAlarm'))['Condition'], 'HasInstances')
    assert.ok(!JSON.stringify(await preferences()).includes('OutageAlarm'))
  })

  it('is reached by the load balancer alone, on its port alone (R29)', async () => {
    const { SecurityGroupIngress } = (await properties('SecurityGroup')) as unknown as { SecurityGroupIngress: Tree[] }
    assert.equal(SecurityGroupIngress.length, 1)
    const [rule] = SecurityGroupIngress
    assert.deepEqual([rule?.['FromPort'], rule?.['ToPort']], [{ Ref: 'Port' }, { Ref: 'Port' }])
    assert.match(JSON.stringify(rule?.['SourceSecurityGroupId']), /LoadBalancerSecurityGroup/)
    const { Resources } = await loadTemplate('app-image')
    const apart = Object.values(Resources).filter(({ Type }) => /SecurityGroup(In|E)gress$/.test(Type))
    assert.deepEqual(apart, [], 'rules apart from their group hide hand-made ones from drift detection')
  })

  it('answers no metadata without a token, and none beyond the instance', async () => {
    const { LaunchTemplateData } = (await properties('LaunchTemplate')) as { LaunchTemplateData: Tree }
    assert.deepEqual(LaunchTemplateData['MetadataOptions'], {
      HttpEndpoint: 'enabled',
      HttpTokens: 'required',
      HttpPutResponseHopLimit: 1,
    })
  })

  it('tells version and commit on every instance (A17)', async () => {
    const { LaunchTemplateData } = (await properties('LaunchTemplate')) as { LaunchTemplateData: Tree }
    const [instance] = LaunchTemplateData['TagSpecifications'] as unknown as { ResourceType: string; Tags: Tree[] }[]
    assert.equal(instance?.ResourceType, 'instance')
    const keys = instance.Tags.map(({ Key }) => Key)
    assert.ok(
      ['Name', 'Owner', 'Project', 'Environment', 'App', 'Version', 'Commit'].every((key) => keys.includes(key)),
    )
  })

  it('has the sizes that its environment is said to have: it knows none by itself', async () => {
    const { Mappings, Parameters } = await loadTemplate('app-image')
    assert.equal(Mappings, undefined)
    assert.deepEqual(
      ['InstanceType', 'MinSize', 'MaxSize'].map((name) => Parameters[name]?.Default),
      [undefined, undefined, undefined],
    )
  })

  it('says where it answers (R58)', async () => {
    const { Outputs } = await loadTemplate('app-image')
    assert.deepEqual(Object.keys(Outputs), [
      'TemplateId',
      'StackName',
      'Url',
      'LoadBalancerDnsName',
      'ImageId',
      'GroupName',
      'TargetGroupArn',
    ])
  })
})
