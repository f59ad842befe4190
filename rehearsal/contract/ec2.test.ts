import assert from 'node:assert/strict'
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  GetConsoleOutputCommand,
  ModifyImageAttributeCommand,
  RegisterImageCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { before, describe, it } from 'mocha'
import { onRehearsal, refusal, until } from './support/ground.ts'
import { inState, instance, makeSite, oneOf, type Site } from './support/site.ts'

describe('EC2, as AWS documents it', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const ec2 = () => ground.aws.ec2
  let site: Site
  let launched = ''
  let image = ''

  before(async () => {
    site = await makeSite(ground)
  })

  // https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
  it('launches one instance for one client token, also when the reply was lost', async () => {
    await ec2().send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'one',
        LaunchTemplateData: {
          ImageId: site.image,
          InstanceType: 't3.micro',
          NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: site.subnets[0]!, Groups: [site.group] }],
          TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'one' }] }],
        },
      }),
    )
    const asked = {
      LaunchTemplate: { LaunchTemplateName: 'one', Version: '1' },
      MinCount: 1,
      MaxCount: 1,
      ClientToken: 'once',
    }
    await ground.rehearsal.fault({ kind: 'lost-reply', service: 'ec2', operation: 'RunInstances', times: 1 })
    const { Instances: [made] = [] } = await ec2().send(new RunInstancesCommand(asked))
    launched = made!.InstanceId!
    assert.equal(made?.State?.Name, 'pending')
    assert.deepEqual(
      made?.Tags?.find(({ Key }) => Key === 'Name'),
      { Key: 'Name', Value: 'one' },
    )
    const { Reservations = [] } = await ec2().send(new DescribeInstancesCommand({}))
    const all = Reservations.flatMap(({ Instances = [] }) => Instances)
    assert.deepEqual(
      all.map(({ InstanceId, ClientToken }) => [InstanceId, ClientToken]),
      [[launched, 'once']],
    )
    const { code } = await refusal(ec2().send(new RunInstancesCommand({ ...asked, InstanceType: 't3.small' })))
    assert.equal(code, 'IdempotentParameterMismatch')
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
  it('says what it cannot launch, in the words that tools look for', async () => {
    const missing = 'ami-0123456789abcdef0'
    const refused = (more: object) => refusal(ec2().send(new RunInstancesCommand({ ...oneOf(site), ...more })))
    assert.deepEqual(await refused({ ImageId: missing }), {
      code: 'InvalidAMIID.NotFound',
      message: `The image id '[${missing}]' does not exist`,
    })
    assert.equal((await refused({ ImageId: 'debian' })).code, 'InvalidAMIID.Malformed')
    assert.equal((await refused({ KeyName: 'nobody' })).code, 'InvalidKeyPair.NotFound')
    assert.equal((await refused({ SubnetId: 'subnet-0123456789abcdef0' })).code, 'InvalidSubnetID.NotFound')
    assert.equal((await refused({ DryRun: true })).code, 'DryRunOperation')
    const gone = { InstanceIds: ['i-0123456789abcdef0'] }
    const { code, message } = await refusal(ec2().send(new DescribeInstancesCommand(gone)))
    assert.equal(code, 'InvalidInstanceID.NotFound')
    assert.equal(message, "The instance ID 'i-0123456789abcdef0' does not exist")
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html
  it('keeps security groups without doubles, and while they are in use', async () => {
    const twice = new AuthorizeSecurityGroupIngressCommand({
      GroupId: site.group,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    })
    assert.deepEqual(await refusal(ec2().send(twice)), {
      code: 'InvalidPermission.Duplicate',
      message: 'the specified rule "peer: 0.0.0.0/0, TCP, from port: 80, to port: 80, ALLOW" already exists',
    })
    const taken = new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'again', VpcId: site.vpc })
    assert.deepEqual(await refusal(ec2().send(taken)), {
      code: 'InvalidGroup.Duplicate',
      message: `The security group 'web' already exists for VPC '${site.vpc}'`,
    })
    const used = new DeleteSecurityGroupCommand({ GroupId: site.group })
    assert.deepEqual(await refusal(ec2().send(used)), {
      code: 'DependencyViolation',
      message: `resource ${site.group} has a dependent object`,
    })
    const unknown = new DeleteSecurityGroupCommand({ GroupId: 'sg-0123456789abcdef0' })
    assert.deepEqual(await refusal(ec2().send(unknown)), {
      code: 'InvalidGroup.NotFound',
      message: "The security group 'sg-0123456789abcdef0' does not exist",
    })
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
  it('boots, and shows on the console what the machine says', async () => {
    assert.equal((await inState(ground, launched, 'running')).State?.Code, 16)
    const console = await until(
      async () => {
        const { Output = '' } = await ec2().send(new GetConsoleOutputCommand({ InstanceId: launched }))
        return Buffer.from(Output, 'base64').toString()
      },
      (text) => /cloud-init.*finished/i.test(text),
    )
    assert.match(console, /Debian GNU\/Linux 12/)
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html
  it('makes an image of an instance, pending and then available', async () => {
    const asked = new CreateImageCommand({ InstanceId: launched, Name: 'made', NoReboot: true })
    image = (await ec2().send(asked)).ImageId!
    const found = await until(
      async () => (await ec2().send(new DescribeImagesCommand({ ImageIds: [image] }))).Images![0]!,
      ({ State }) => State !== 'pending',
    )
    assert.equal(found.State, 'available')
    assert.equal(found.SourceInstanceId, launched)
    assert.equal(found.SourceImageId, site.image)
    assert.equal(found.Public, false)
    const { code, message } = await refusal(ec2().send(asked))
    assert.equal(code, 'InvalidAMIName.Duplicate')
    assert.match(message, new RegExp(`^AMI name made is already in use by AMI ${image}`))
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html
  it('lists images page by page, and by whom they were shared with', async () => {
    const { Images: [made] = [] } = await ec2().send(new DescribeImagesCommand({ ImageIds: [image] }))
    const Ebs = { SnapshotId: made!.BlockDeviceMappings![0]!.Ebs!.SnapshotId! }
    for (const Name of ['second', 'third'])
      await ec2().send(
        new RegisterImageCommand({
          Name,
          RootDeviceName: made!.RootDeviceName!,
          BlockDeviceMappings: [{ DeviceName: made!.RootDeviceName!, Ebs }],
        }),
      )
    const names: (string | undefined)[][] = []
    let NextToken: string | undefined
    do {
      const page = await ec2().send(
        new DescribeImagesCommand({ Owners: ['self'], MaxResults: 2, ...(NextToken !== undefined && { NextToken }) }),
      )
      names.push(page.Images!.map(({ Name }) => Name))
      NextToken = page.NextToken
    } while (NextToken !== undefined)
    assert.deepEqual(
      names.map(({ length }) => length),
      [2, 1],
    )
    assert.deepEqual(names.flat().sort(), ['made', 'second', 'third'])

    const UserId = '222233334444'
    const shared = async () =>
      (await ec2().send(new DescribeImagesCommand({ ExecutableUsers: [UserId] }))).Images!.map(({ Name }) => Name)
    assert.deepEqual(await shared(), [])
    const LaunchPermission = { Add: [{ UserId }] }
    await ec2().send(new ModifyImageAttributeCommand({ ImageId: image, LaunchPermission }))
    assert.deepEqual(await shared(), ['made'])
    const { LaunchPermissions } = await ec2().send(
      new DescribeImageAttributeCommand({ ImageId: image, Attribute: 'launchPermission' }),
    )
    assert.deepEqual(LaunchPermissions, [{ UserId }])
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
  it('shows a terminated instance for a while, and lets nobody start it', async () => {
    const { TerminatingInstances: [change] = [] } = await ec2().send(
      new TerminateInstancesCommand({ InstanceIds: [launched] }),
    )
    assert.deepEqual([change?.PreviousState?.Name, change?.CurrentState?.Name], ['running', 'shutting-down'])
    await inState(ground, launched, 'terminated')
    const { State, StateReason, PublicIpAddress } = await instance(ground, launched)
    assert.deepEqual(State, { Code: 48, Name: 'terminated' })
    assert.equal(StateReason?.Code, 'Client.UserInitiatedShutdown')
    assert.equal(PublicIpAddress, undefined)
    const start = new StartInstancesCommand({ InstanceIds: [launched] })
    assert.deepEqual(await refusal(ec2().send(start)), {
      code: 'IncorrectInstanceState',
      message: `The instance '${launched}' is not in a state from which it can be started.`,
    })
    const keep = new CreateImageCommand({ InstanceId: launched, Name: 'late' })
    assert.equal((await refusal(ec2().send(keep))).code, 'InvalidParameterValue')
  })
})
