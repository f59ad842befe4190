import assert from 'node:assert/strict'
import { loadTemplate, type Resource, type Tree } from './support/template.ts'

const resource = async (id: string): Promise<Resource> => (await loadTemplate('app-image')).Resources[id]!
const properties = async (id: string): Promise<Tree> => (await resource(id)).Properties!
const preferences = async (): Promise<Tree> => {
  const policy = (await resource('Group'))['UpdatePolicy'] as { AutoScalingInstanceRefresh: { Preferences: Tree } }
  return policy.AutoScalingInstanceRefresh.Preferences
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

  it('starts new instances before it ends old ones', async () => {
    const { Mappings } = await loadTemplate('app-image')
    assert.equal((await preferences())['MinHealthyPercentage'], 100)
    const most = Object.values(Mappings!['Rolling'] as Record<string, { Most: number }>).map(({ Most }) => Most)
    assert.ok(most.every((percentage) => percentage > 100 && percentage <= 200))
  })

  it('waits at no checkpoint for the default hour', async () => {
    const { CheckpointPercentages, CheckpointDelay } = await preferences()
    assert.deepEqual(CheckpointPercentages, { 'Fn::If': ['HasCheckpoints', [50, 100], { Ref: 'AWS::NoValue' }] })
    assert.deepEqual(CheckpointDelay, { 'Fn::If': ['HasCheckpoints', 60, { Ref: 'AWS::NoValue' }] })
  })

  it('bakes longer than any of its alarms needs to fire', async () => {
    const { BakeTime, AlarmSpecification } = await preferences()
    const { Alarms } = AlarmSpecification as unknown as { Alarms: { Ref: string }[] }
    assert.deepEqual(
      Alarms.map(({ Ref }) => Ref),
      ['UnhealthyAlarm', 'ErrorAlarm'],
    )
    for (const { Ref } of Alarms) {
      const alarm = await properties(Ref)
      const period = Number(alarm['Period'] ?? 60)
      assert.ok(Number(BakeTime) > period * Number(alarm['EvaluationPeriods']), Ref)
      assert.equal(alarm['TreatMissingData'], 'notBreaching')
    }
  })

  it('lets an image that never gets healthy be seen by the alarm before its instance is replaced', async () => {
    const { Period, EvaluationPeriods } = await properties('UnhealthyAlarm')
    const { HealthCheckIntervalSeconds, UnhealthyThresholdCount } = await properties('TargetGroup')
    const noticed = Number(HealthCheckIntervalSeconds) * Number(UnhealthyThresholdCount)
    const { HealthCheckGracePeriod, HealthCheckType } = await properties('Group')
    assert.equal(HealthCheckType, 'ELB')
    // One period more, because periods begin when they begin.
    assert.ok(Number(HealthCheckGracePeriod) >= noticed + Number(Period) * (Number(EvaluationPeriods) + 1))
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

  it('has 1, 2 and 2 instances in integration, staging and production unless told otherwise', async () => {
    const { Mappings, Parameters } = await loadTemplate('app-image')
    const sizes = Mappings!['Sizes'] as Record<string, { Min: number; Max: number }>
    assert.deepEqual(
      ['integration', 'staging', 'production'].map((environment) => sizes[environment]?.Min),
      [1, 2, 2],
    )
    assert.deepEqual([Parameters['MinSize']?.Default, Parameters['MaxSize']?.Default], ['', ''])
  })

  it('says where it answers (R58)', async () => {
    const { Outputs } = await loadTemplate('app-image')
    assert.deepEqual(Object.keys(Outputs), ['TemplateId', 'StackName', 'Url', 'ImageId', 'GroupName', 'TargetGroupArn'])
  })
})
