import assert from 'node:assert/strict'
import {
  type AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling'
import {
  CreateLaunchTemplateCommand,
  DescribeSubnetsCommand,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
  RunInstancesCommand,
  type LaunchPermission,
} from '@aws-sdk/client-ec2'
import { CreateGrantCommand, CreateKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import { before, describe, it } from 'mocha'
import { home, makeAccount, type Account } from './support/accounts.ts'
import { onRehearsal, refusal, until } from './support/ground.ts'
import { copied, imageOf } from './support/images.ts'
import { allow, policy } from './support/roles.ts'
import { instance } from './support/site.ts'

describe('an encrypted image for other accounts, as AWS documents it', function () {
  this.timeout(120_000)
  const ground = onRehearsal()
  let consumer: Account
  let image = ''
  const owner = () => ground.aws.ec2
  const share = (ImageId: string, ...Add: readonly LaunchPermission[]) =>
    owner().send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [...Add] } }))

  before(async () => {
    consumer = await makeAccount(ground, 'consumer')
    image = await copied(ground.aws, { Name: 'web' })
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharing-amis.html
  it('is under a key of one’s own if it is encrypted, and then for nobody in particular', async () => {
    const managed = await copied(ground.aws, { Name: 'managed', SourceImageId: image, Encrypted: true })
    assert.equal((await refusal(share(managed, { UserId: consumer.id }))).code, 'InvalidParameter')
    const SnapshotId = (await imageOf(owner(), managed)).BlockDeviceMappings![0]!.Ebs!.SnapshotId!
    const open = { SnapshotId, Attribute: 'createVolumePermission', OperationType: 'add' } as const
    const { code, message } = await refusal(
      owner().send(new ModifySnapshotAttributeCommand({ ...open, UserIds: [consumer.id] })),
    )
    assert.equal(
      `${code}: ${message}`,
      'OperationNotPermitted: Encrypted snapshots with EBS default key cannot be shared',
    )
    const { KeyMetadata } = await ground.aws.kms.send(new CreateKeyCommand({}))
    const own = { Name: 'own-key', SourceImageId: image, Encrypted: true, KmsKeyId: KeyMetadata!.Arn! }
    const secret = await copied(ground.aws, own)
    await share(secret, { UserId: consumer.id })
    assert.equal((await refusal(share(secret, { Group: 'all' }))).code, 'UnsupportedOperation')
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html#troubleshooting-launch-internal
  // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
  it('starts nothing in an account that may not use its key', async () => {
    const KeyId = (await ground.aws.kms.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!
    const own = { Name: 'locked', SourceImageId: image, Encrypted: true, KmsKeyId: KeyId }
    const locked = await copied(ground.aws, own)
    await share(locked, { UserId: consumer.id })
    const { ec2 } = consumer.in()
    const run = async () => {
      const asked = new RunInstancesCommand({ ImageId: locked, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 })
      return (await ec2.send(asked)).Instances![0]!.InstanceId!
    }
    const inside = { ...ground, aws: consumer.in() }
    const { State, StateReason } = await instance(inside, await run())
    assert.deepEqual([State!.Name, StateReason!.Code], ['terminated', 'Client.InternalError'])
    const mine = { ...allow('kms:*'), Principal: { AWS: home(ground).id } }
    const theirs = {
      ...allow(['kms:DescribeKey', 'kms:CreateGrant', 'kms:Decrypt', 'kms:ReEncrypt*']),
      Principal: { AWS: consumer.id },
    }
    const Policy = policy(mine, theirs)
    await ground.aws.kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }))
    assert.equal((await instance(inside, await run())).State!.Name, 'pending')
  })

  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
  it('boots in a group of the other account, once its linked role has a grant on the key', async () => {
    const linked = 'aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling'
    const { KeyMetadata } = await ground.aws.kms.send(new CreateKeyCommand({}))
    const KeyId = KeyMetadata!.Arn!
    const own = { Name: 'fleet', SourceImageId: image, Encrypted: true, KmsKeyId: KeyId }
    const fleet = await copied(ground.aws, own)
    await share(fleet, { UserId: consumer.id })
    const { ec2, kms, autoscaling } = consumer.in()
    const begin = async (AutoScalingGroupName: string): Promise<void> => {
      const LaunchTemplateData = { ImageId: fleet, InstanceType: 't3.micro' } as const
      const template = { LaunchTemplateName: AutoScalingGroupName }
      await ec2.send(new CreateLaunchTemplateCommand({ ...template, LaunchTemplateData }))
      const [subnet] = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets!
      await autoscaling.send(
        new CreateAutoScalingGroupCommand({
          AutoScalingGroupName,
          LaunchTemplate: { ...template, Version: '1' },
          MinSize: 1,
          MaxSize: 1,
          VPCZoneIdentifier: subnet!.SubnetId!,
        }),
      )
    }
    const grant = new CreateGrantCommand({
      KeyId,
      GranteePrincipal: `arn:aws:iam::${consumer.id}:role/${linked}`,
      Operations: [
        'DescribeKey',
        'Decrypt',
        'GenerateDataKeyWithoutPlaintext',
        'ReEncryptFrom',
        'ReEncryptTo',
        'CreateGrant',
      ],
    })
    const mine = { ...allow('kms:*'), Principal: { AWS: home(ground).id } }
    const theirs = { ...allow('kms:CreateGrant'), Principal: { AWS: consumer.id } }
    const put = new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy: policy(mine, theirs) })
    assert.equal((await refusal(kms.send(grant))).code, 'AccessDeniedException')
    await ground.aws.kms.send(put)
    await kms.send(grant)
    await begin('shared')
    const serving = await until(
      () => groupOf(autoscaling, 'shared'),
      ({ Instances = [] }) => Instances.some(({ LifecycleState }) => LifecycleState === 'InService'),
      90,
    )
    const found = await instance({ ...ground, aws: consumer.in() }, serving.Instances![0]!.InstanceId!)
    assert.deepEqual([found.ImageId, found.State!.Name], [fleet, 'running'])
    await autoscaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: 'shared', ForceDelete: true }))
  })
})

const groupOf = async (autoscaling: AutoScalingClient, name: string) =>
  (await autoscaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] })))
    .AutoScalingGroups![0]!
