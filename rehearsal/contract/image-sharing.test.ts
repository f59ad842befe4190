import assert from 'node:assert/strict'
import {
  CopyImageCommand,
  CreateTagsCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DisableImageBlockPublicAccessCommand,
  DisableImageCommand,
  EnableImageBlockPublicAccessCommand,
  GetImageBlockPublicAccessStateCommand,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
  ResetImageAttributeCommand,
  RunInstancesCommand,
  type Image,
  type LaunchPermission,
} from '@aws-sdk/client-ec2'
import {
  CreateOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
} from '@aws-sdk/client-organizations'
import { before, describe, it } from 'mocha'
import { home, makeAccount, type Account, type Aws } from './support/accounts.ts'
import { onRehearsal, refusal, until } from './support/ground.ts'
import { copied, imageOf, namesOf } from './support/images.ts'

describe('an image for other accounts, as AWS documents it', function () {
  this.timeout(120_000)
  const ground = onRehearsal()
  let consumer: Account
  let stranger: Account
  let image = ''
  const owner = () => ground.aws.ec2
  const share = (ImageId: string, ...Add: readonly LaunchPermission[]) =>
    owner().send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [...Add] } }))
  const seenBy = (account: Account, ImageId: string): Promise<Image> => imageOf(account.in().ec2, ImageId)
  const hiddenFrom = async (account: Account, ImageId: string): Promise<void> =>
    assert.equal((await refusal(seenBy(account, ImageId))).code, 'InvalidAMIID.NotFound')

  before(async () => {
    consumer = await makeAccount(ground, 'consumer')
    stranger = await makeAccount(ground, 'stranger')
    image = await copied(ground.aws, { Name: 'web' })
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html
  it('is seen by those it is shared with, and each account has tags of its own on it', async () => {
    const tag = ({ ec2 }: Aws, Value: string) =>
      ec2.send(new CreateTagsCommand({ Resources: [image], Tags: [{ Key: 'Stage', Value }] }))
    await tag(ground.aws, 'baked')
    await hiddenFrom(consumer, image)
    await share(image, { UserId: consumer.id })
    assert.deepEqual((await seenBy(consumer, image)).Tags ?? [], [])
    await hiddenFrom(stranger, image)
    await tag(consumer.in(), 'live')
    assert.deepEqual((await seenBy(consumer, image)).Tags, [{ Key: 'Stage', Value: 'live' }])
    assert.deepEqual((await imageOf(owner(), image)).Tags, [{ Key: 'Stage', Value: 'baked' }])
    const { ec2 } = consumer.in()
    assert.deepEqual(await namesOf(ec2, { ExecutableUsers: ['self'] }), ['web'])
    assert.deepEqual(await namesOf(ec2, { Owners: ['self'] }), [])
    assert.deepEqual(await namesOf(ec2, { Owners: [home(ground).id] }), ['web'])
    const ask = new DescribeImageAttributeCommand({ ImageId: image, Attribute: 'launchPermission' })
    assert.equal((await refusal(ec2.send(ask))).code, 'AuthFailure')
  })

  it('is taken back as it was given', async () => {
    await share(image, { UserId: stranger.id })
    const Remove = [{ UserId: consumer.id }]
    await owner().send(new ModifyImageAttributeCommand({ ImageId: image, LaunchPermission: { Remove } }))
    await hiddenFrom(consumer, image)
    await seenBy(stranger, image)
    await owner().send(new ResetImageAttributeCommand({ ImageId: image, Attribute: 'launchPermission' }))
    await hiddenFrom(stranger, image)
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/share-amis-with-organizations-and-OUs.html
  it('goes to an organisation or to one of its units, and leaves with the member', async () => {
    const { organizations } = ground.aws
    const { Organization } = await organizations.send(new DescribeOrganizationCommand({}))
    await share(image, { OrganizationArn: Organization!.Arn! })
    await seenBy(stranger, image)
    assert.deepEqual(await namesOf(stranger.in().ec2, { ExecutableUsers: ['self'] }), ['web'])
    assert.deepEqual(await namesOf(owner(), { ExecutableUsers: [stranger.id] }), [])
    await owner().send(new ResetImageAttributeCommand({ ImageId: image, Attribute: 'launchPermission' }))

    const ParentId = (await organizations.send(new ListRootsCommand({}))).Roots![0]!.Id!
    const made = await organizations.send(new CreateOrganizationalUnitCommand({ ParentId, Name: 'web' }))
    const { Id, Arn } = made.OrganizationalUnit!
    const move = (SourceParentId: string, DestinationParentId: string) =>
      organizations.send(new MoveAccountCommand({ AccountId: consumer.id, SourceParentId, DestinationParentId }))
    await share(image, { OrganizationalUnitArn: Arn! })
    await hiddenFrom(consumer, image)
    await move(ParentId, Id!)
    await seenBy(consumer, image)
    await hiddenFrom(stranger, image)
    await move(Id!, ParentId)
    await hiddenFrom(consumer, image)
    await owner().send(new ResetImageAttributeCommand({ ImageId: image, Attribute: 'launchPermission' }))
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html
  it('is for everybody only where public access is not blocked, as it is at first, in each region', async () => {
    const { ec2 } = ground.aws
    const becomes = async (state: string): Promise<void> => {
      const answer = () => ec2.send(new GetImageBlockPublicAccessStateCommand({}))
      await until(answer, ({ ImageBlockPublicAccessState }) => ImageBlockPublicAccessState === state)
    }
    await becomes('block-new-sharing')
    const { code, message } = await refusal(share(image, { Group: 'all' }))
    assert.equal(code, 'OperationNotPermitted')
    assert.match(message, /^You can’t publicly share this image because block public access for AMIs is enabled/)
    await ec2.send(new DisableImageBlockPublicAccessCommand({}))
    assert.equal((await refusal(share(image, { Group: 'all' }))).code, 'OperationNotPermitted')
    await becomes('unblocked')
    await share(image, { Group: 'all' })
    assert.equal((await seenBy(stranger, image)).Public, true)
    const isPublic = { Name: 'is-public', Values: ['true'] }
    assert.deepEqual(await namesOf(stranger.in().ec2, { Owners: [home(ground).id], Filters: [isPublic] }), ['web'])
    await ec2.send(new EnableImageBlockPublicAccessCommand({ ImageBlockPublicAccessState: 'block-new-sharing' }))
    await becomes('block-new-sharing')
    await seenBy(stranger, image)
    await ec2.send(new ResetImageAttributeCommand({ ImageId: image, Attribute: 'launchPermission' }))
  })

  it('says who is not somebody, and that one attribute is changed at a time', async () => {
    const change = (more: object) => refusal(owner().send(new ModifyImageAttributeCommand({ ImageId: image, ...more })))
    assert.equal((await change({ UserIds: ['me'] })).code, 'InvalidAMIAttributeItemValue')
    assert.equal((await change({ UserGroups: ['some'] })).code, 'InvalidAMIAttributeItemValue')
    assert.equal((await change({ OrganizationArns: ['o-1'] })).code, 'InvalidAMIAttributeItemValue')
    const both = { UserIds: [consumer.id], Description: { Value: 'shared' } }
    assert.equal((await change(both)).code, 'InvalidParameterCombination')
    assert.equal((await change({})).code, 'MissingParameter')
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-ami-copy-works.html
  it('is copied by the other account only with its snapshots, and is then its own', async () => {
    await share(image, { UserId: consumer.id })
    const { ec2 } = consumer.in()
    const copy = new CopyImageCommand({ Name: 'theirs', SourceImageId: image, SourceRegion: 'us-east-1' })
    assert.deepEqual(await refusal(ec2.send(copy)), {
      code: 'InvalidRequest',
      message: 'You do not have permission to access the storage of this ami',
    })
    const SnapshotId = (await imageOf(owner(), image)).BlockDeviceMappings![0]!.Ebs!.SnapshotId!
    const CreateVolumePermission = { Add: [{ UserId: consumer.id }] }
    await owner().send(new ModifySnapshotAttributeCommand({ SnapshotId, CreateVolumePermission }))
    const theirs = await copied(consumer.in(), { Name: 'theirs', SourceImageId: image })
    assert.equal((await imageOf(ec2, theirs)).OwnerId, consumer.id)
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/disable-an-ami.html
  it('is nobody’s any more once it is disabled', async () => {
    await seenBy(consumer, image)
    await owner().send(new DisableImageCommand({ ImageId: image }))
    await hiddenFrom(consumer, image)
    const run = { ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const
    assert.equal((await refusal(consumer.in().ec2.send(new RunInstancesCommand(run)))).code, 'InvalidAMIID.NotFound')
    assert.deepEqual(await namesOf(owner(), { Filters: [{ Name: 'name', Values: ['web'] }] }), [])
    const shown = new DescribeImagesCommand({ ImageIds: [image], IncludeDisabled: true })
    assert.equal((await owner().send(shown)).Images![0]!.State, 'disabled')
  })
})
