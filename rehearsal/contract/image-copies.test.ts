import assert from 'node:assert/strict'
import { CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  CopyImageCommand,
  CreateTagsCommand,
  DeregisterImageCommand,
  DescribeSnapshotsCommand,
  EnableEbsEncryptionByDefaultCommand,
  RunInstancesCommand,
  type CopyImageCommandInput,
  type Image,
} from '@aws-sdk/client-ec2'
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { CreateKeyCommand } from '@aws-sdk/client-kms'
import { before, describe, it } from 'mocha'
import { makeAccount, type Account, type Aws } from './support/accounts.ts'
import { clients } from './support/aws.ts'
import { onRehearsal, refusal, until } from './support/ground.ts'
import { copied, imageOf } from './support/images.ts'
import { inState } from './support/site.ts'

describe('a copy of an image, as AWS documents it', function () {
  this.timeout(120_000)
  const ground = onRehearsal()
  let source = ''
  let other: Account
  const there = (region = 'eu-west-1'): Aws => clients(ground.rehearsal, region)
  const begin = async ({ ec2 }: Aws, more: Partial<CopyImageCommandInput>): Promise<string> => {
    const asked = { Name: 'copy', SourceImageId: source, SourceRegion: 'us-east-1', ...more }
    return (await ec2.send(new CopyImageCommand(asked))).ImageId!
  }
  const ended = ({ ec2 }: Aws, id: string): Promise<Image> =>
    until(
      () => imageOf(ec2, id),
      ({ State }) => State !== 'pending',
    )
  const snapshotOf = async ({ ec2 }: Aws, id: string) => {
    const { Ebs } = (await imageOf(ec2, id)).BlockDeviceMappings![0]!
    return (await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [Ebs!.SnapshotId!] }))).Snapshots![0]!
  }

  before(async () => {
    other = await makeAccount(ground, 'consumer')
    source = await copied(ground.aws, { Name: 'source' })
    await ground.aws.ec2.send(new CreateTagsCommand({ Resources: [source], Tags: [{ Key: 'Commit', Value: 'abc' }] }))
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyImage.html
  it('is pending for a while, says where it is from, and has tags only on request', async () => {
    const bare = await begin(there(), { Name: 'bare' })
    assert.equal((await imageOf(there().ec2, bare)).State, 'pending')
    assert.match((await snapshotOf(there(), bare)).Progress ?? '', /^\d{1,2}%$/)
    const run = { ImageId: bare, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const
    const { code } = await refusal(there().ec2.send(new RunInstancesCommand(run)))
    assert.equal(code, 'InvalidAMIID.Unavailable')
    const found = await ended(there(), bare)
    assert.deepEqual([found.State, found.SourceImageId, found.SourceImageRegion], ['available', source, 'us-east-1'])
    assert.deepEqual(found.Tags ?? [], [])
    const full = await copied(there(), { Name: 'full', SourceImageId: source, CopyImageTags: true })
    assert.deepEqual((await imageOf(there().ec2, full)).Tags, [{ Key: 'Commit', Value: 'abc' }])
    assert.equal((await snapshotOf(there(), full)).Progress, '100%')
  })

  it('goes to six regions in the time of one', async () => {
    const regions = ['us-east-1', 'us-east-2', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-southeast-1']
    const made = await Promise.all(regions.map((region) => begin(there(region), { Name: 'many' })))
    const began = performance.now()
    await Promise.all(regions.map((region, index) => ended(there(region), made[index]!)))
    const seconds = (performance.now() - began) / 1000
    assert.ok(seconds < 12, `${seconds} s, where one takes 3 and six one after another 18`)
  })

  // https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
  it('is made once for one client token, also when the reply was lost', async () => {
    await ground.rehearsal.fault({ kind: 'lost-reply', operation: 'CopyImage', times: 1 })
    const asked = { Name: 'once', ClientToken: 'once' }
    const made = await begin(there(), asked)
    assert.equal(await begin(there(), asked), made)
    const { code } = await refusal(begin(there(), { ...asked, Name: 'twice' }))
    assert.equal(code, 'IdempotentParameterMismatch')
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html
  it('is encrypted under the key of its region, or fails later where that cannot be used', async () => {
    const { KeyMetadata } = await there().kms.send(new CreateKeyCommand({}))
    const KmsKeyId = KeyMetadata!.Arn!
    const secret = await copied(there(), { Name: 'secret', SourceImageId: source, Encrypted: true, KmsKeyId })
    const { Encrypted, KmsKeyId: used } = await snapshotOf(there(), secret)
    assert.deepEqual([Encrypted, used], [true, KmsKeyId])
    const away = await begin(there('us-west-2'), { Name: 'away', Encrypted: true, KmsKeyId })
    const { State, StateReason } = await ended(there('us-west-2'), away)
    assert.equal(State, 'failed')
    assert.match(StateReason?.Message ?? '', /Given key ID is not accessible/)
    const on = there('eu-central-1')
    await on.ec2.send(new EnableEbsEncryptionByDefaultCommand({}))
    const implied = await copied(on, { Name: 'implied', SourceImageId: source })
    assert.match((await snapshotOf(on, implied)).KmsKeyId ?? '', /^arn:aws:kms:eu-central-1:/)
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitor-ami-events.html
  it('fails on demand in one region, and tells so in an event as everywhere where it is available', async () => {
    const told = async ({ logs, eventbridge }: Aws, account: string, region: string): Promise<void> => {
      await logs.send(new CreateLogGroupCommand({ logGroupName: '/images' }))
      const EventPattern = JSON.stringify({ source: ['aws.ec2'], 'detail-type': ['EC2 AMI State Change'] })
      await eventbridge.send(new PutRuleCommand({ Name: 'images', EventPattern }))
      const Arn = `arn:aws:logs:${region}:${account}:log-group:/images`
      await eventbridge.send(new PutTargetsCommand({ Rule: 'images', Targets: [{ Id: 'log', Arn }] }))
    }
    const events = ({ logs }: Aws) =>
      until(
        async () => (await logs.send(new FilterLogEventsCommand({ logGroupName: '/images' }))).events!,
        ({ length }) => length > 0,
      )
    const [west, east] = [there('us-west-1'), there('us-east-2')]
    await told(west, '123456789012', 'us-west-1')
    await told(east, '123456789012', 'us-east-2')
    const broken = { kind: 'failure', service: 'ec2', operation: 'CopyImage', times: 1 } as const
    await ground.rehearsal.fault({ ...broken, region: 'us-west-1', message: 'Client.InternalError: the disk is full' })
    const [lost, kept] = [await begin(west, { Name: 'event' }), await begin(east, { Name: 'event' })]
    const { State, StateReason } = await ended(west, lost)
    assert.deepEqual([State, StateReason?.Message], ['failed', 'Client.InternalError: the disk is full'])
    const read = async (aws: Aws) => {
      const event = JSON.parse((await events(aws))[0]!.message!) as { resources: string[]; detail: object }
      return [event.resources, event.detail]
    }
    const [resources, detail] = (await read(west)) as [string[], Record<string, string>]
    assert.deepEqual(resources, [`arn:aws:ec2:us-west-1::image/${lost}`])
    assert.deepEqual(
      [detail['ImageId'], detail['State'], detail['ErrorMessage']],
      [lost, 'failed', 'Client.InternalError: the disk is full'],
    )
    const [, good] = (await read(east)) as [string[], Record<string, string>]
    assert.deepEqual([good['ImageId'], good['State'], good['ErrorMessage']], [kept, 'available', ''])
    await copied(west, { Name: 'event-again', SourceImageId: source })
  })

  it('boots in another region, when its source is gone', async () => {
    const region = there('us-west-2')
    const first = await copied(ground.aws, { Name: 'first', SourceImageId: source })
    const second = await copied(region, { Name: 'second', SourceImageId: first })
    await ground.aws.ec2.send(new DeregisterImageCommand({ ImageId: first, DeleteAssociatedSnapshots: true }))
    const run = { ImageId: second, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const
    const { Instances } = await region.ec2.send(new RunInstancesCommand(run))
    await inState({ ...ground, aws: region }, Instances![0]!.InstanceId!, 'running')
  })

  it('is refused for what is not there, not shared, or not done here', async () => {
    const refused = async (more: Partial<CopyImageCommandInput>, aws = there()) =>
      (await refusal(begin(aws, { Name: 'none', ...more }))).code
    assert.equal(await refused({ SourceRegion: 'eu-west-9' }), 'InvalidParameterValue')
    assert.equal(await refused({ SourceRegion: 'eu-west-1' }), 'InvalidAMIID.NotFound')
    assert.equal(await refused({}, other.in()), 'InvalidAMIID.NotFound')
    assert.equal(await refused({ SnapshotCopyCompletionDurationMinutes: 15 }), 'NotImplemented')
  })
})
