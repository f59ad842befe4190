import assert from 'node:assert/strict'
import {
  CreateImageUsageReportCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteImageUsageReportCommand,
  DeregisterImageCommand,
  DescribeImageAttributeCommand,
  DescribeImageReferencesCommand,
  DescribeImagesCommand,
  DescribeImageUsageReportEntriesCommand,
  DescribeImageUsageReportsCommand,
  DescribeSnapshotsCommand,
  DisableImageBlockPublicAccessCommand,
  DisableImageCommand,
  DisableImageDeprecationCommand,
  DisableImageDeregistrationProtectionCommand,
  EnableImageCommand,
  EnableImageDeprecationCommand,
  EnableImageDeregistrationProtectionCommand,
  GetImageAncestryCommand,
  GetImageBlockPublicAccessStateCommand,
  ModifyImageAttributeCommand,
} from '@aws-sdk/client-ec2'
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { before, describe, it } from 'mocha'
import { makeAccount, type Account } from './support/accounts.ts'
import { clients } from './support/aws.ts'
import { onRehearsal, refusal, until } from './support/ground.ts'
import { baseImage, copied, imageOf } from './support/images.ts'
import { allow, as, makeRole } from './support/roles.ts'

describe('the life of an image, as AWS documents it', function () {
  this.timeout(120_000)
  const ground = onRehearsal()
  const ec2 = () => ground.aws.ec2
  let other: Account
  let image = ''
  const share = (ImageId: string, permission: object) =>
    ec2().send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [permission] } }))

  before(async () => {
    other = await makeAccount(ground, 'consumer')
    image = await copied(ground.aws, { Name: 'web' })
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableImageDeprecation.html
  it('has a date of deprecation, to the minute and not too far ahead', async () => {
    const deprecate = (at: number) =>
      ec2().send(new EnableImageDeprecationCommand({ ImageId: image, DeprecateAt: new Date(at) }))
    const day = 86_400_000
    const at = Math.floor((Date.now() + 30 * day) / 60_000) * 60_000
    await deprecate(at + 40_000)
    const { DeprecationTime } = await imageOf(ec2(), image)
    assert.equal(DeprecationTime, new Date(at + 60_000).toISOString())
    for (const wrong of [Date.now() - day, Date.now() + 3700 * day])
      assert.equal((await refusal(deprecate(wrong))).code, 'InvalidParameterValue')
    await ec2().send(new DisableImageDeprecationCommand({ ImageId: image }))
    assert.equal((await imageOf(ec2(), image)).DeprecationTime, undefined)
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/disable-an-ami.html
  it('comes back from being disabled, but is then shared with nobody', async () => {
    await share(image, { UserId: other.id })
    await ec2().send(new DisableImageCommand({ ImageId: image }))
    const shown = async (IncludeDisabled: boolean) =>
      (await ec2().send(new DescribeImagesCommand({ Owners: ['self'], IncludeDisabled }))).Images!.length
    assert.deepEqual([await shown(false), await shown(true)], [0, 1])
    await ec2().send(new EnableImageCommand({ ImageId: image }))
    assert.equal((await imageOf(ec2(), image)).State, 'available')
    const asked = new DescribeImageAttributeCommand({ ImageId: image, Attribute: 'launchPermission' })
    assert.deepEqual((await ec2().send(asked)).LaunchPermissions, [])
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deregistration-protection.html
  it('stays while it is protected, and with a cool-down a day longer', async () => {
    const kept = await copied(ground.aws, { Name: 'kept', SourceImageId: image })
    const protect = (WithCooldown: boolean) =>
      ec2().send(new EnableImageDeregistrationProtectionCommand({ ImageId: kept, WithCooldown }))
    const open = new DisableImageDeregistrationProtectionCommand({ ImageId: kept })
    const leave = () => ec2().send(new DeregisterImageCommand({ ImageId: kept, DeleteAssociatedSnapshots: true }))
    await protect(true)
    assert.equal((await imageOf(ec2(), kept)).DeregistrationProtection, 'enabled-with-cooldown')
    await ec2().send(open)
    assert.match((await imageOf(ec2(), kept)).DeregistrationProtection!, /^disabled-until-/)
    assert.equal((await refusal(leave())).code, 'OperationNotPermitted')
    await protect(false)
    assert.equal((await refusal(leave())).code, 'OperationNotPermitted')
    await ec2().send(open)
    const SnapshotId = (await imageOf(ec2(), kept)).BlockDeviceMappings![0]!.Ebs!.SnapshotId!
    assert.deepEqual((await leave()).DeleteSnapshotResults, [{ SnapshotId, ReturnCode: 'success' }])
    const gone = new DescribeSnapshotsCommand({ SnapshotIds: [SnapshotId] })
    assert.equal((await refusal(ec2().send(gone))).code, 'InvalidSnapshot.NotFound')
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-ami-references.html
  it('is referred to by templates and parameters, which are told to who may look at them', async () => {
    const used = await copied(ground.aws, { Name: 'used', SourceImageId: image })
    const LaunchTemplateName = 'web'
    const made = await ec2().send(
      new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: { ImageId: used } }),
    )
    await ec2().send(
      new CreateLaunchTemplateVersionCommand({ LaunchTemplateName, LaunchTemplateData: { ImageId: image } }),
    )
    await ground.aws.ssm.send(new PutParameterCommand({ Name: '/web/image', Type: 'String', Value: used }))
    const ask = new DescribeImageReferencesCommand({ ImageIds: [used], IncludeAllResourceTypes: true })
    const arn = (rest: string): string => `us-east-1:123456789012:${rest}`
    const { ImageReferences } = await ec2().send(ask)
    assert.deepEqual(ImageReferences, [
      {
        ImageId: used,
        ResourceType: 'ec2:LaunchTemplate',
        Arn: `arn:aws:ec2:${arn(`launch-template/${made.LaunchTemplate!.LaunchTemplateId}`)}`,
      },
      { ImageId: used, ResourceType: 'ssm:Parameter', Arn: `arn:aws:ssm:${arn('parameter/web/image')}` },
    ])
    const newest = { OptionName: 'version-depth' as const, OptionValues: ['1'] }
    const ResourceTypes = [{ ResourceType: 'ec2:LaunchTemplate' as const, ResourceTypeOptions: [newest] }]
    const narrow = new DescribeImageReferencesCommand({ ImageIds: [used], ResourceTypes })
    assert.deepEqual((await ec2().send(narrow)).ImageReferences, [])
    const blind = await as(ground, await makeRole(ground, 'blind', '', [allow('ec2:*')]))
    assert.equal((await refusal(blind.ec2.send(ask))).code, 'UnauthorizedOperation')
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/your-ec2-ami-usage.html
  it('tells its owner by a report how much other accounts use it', async () => {
    const used = await copied(ground.aws, { Name: 'counted', SourceImageId: image })
    await share(used, { UserId: other.id })
    for (const LaunchTemplateName of ['one', 'two'])
      await other
        .in()
        .ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: { ImageId: used } }))
    const ResourceTypes = [{ ResourceType: 'ec2:Instance' }, { ResourceType: 'ec2:LaunchTemplate' }]
    const asked = new CreateImageUsageReportCommand({ ImageId: used, ResourceTypes })
    const ReportId = (await ec2().send(asked)).ReportId!
    const ReportIds = [ReportId]
    const state = async () =>
      (await ec2().send(new DescribeImageUsageReportsCommand({ ReportIds }))).ImageUsageReports![0]!.State
    assert.equal(await state(), 'pending')
    await until(state, (value) => value === 'available')
    const entries = await ec2().send(new DescribeImageUsageReportEntriesCommand({ ReportIds }))
    assert.deepEqual(
      entries.ImageUsageReportEntries!.map(({ AccountId, ResourceType, UsageCount }) => [
        AccountId,
        ResourceType,
        UsageCount,
      ]),
      [[other.id, 'ec2:LaunchTemplate', 2]],
    )
    assert.equal((await refusal(other.in().ec2.send(asked))).code, 'AuthFailure')
    await ec2().send(new DeleteImageUsageReportCommand({ ReportId }))
    assert.equal((await refusal(state())).code, 'InvalidImageUsageReportId.NotFound')
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-ancestry.html
  it('knows where it comes from, over regions and over images that are gone', async () => {
    const west = clients(ground.rehearsal, 'eu-west-1')
    const middle = await copied(ground.aws, { Name: 'middle', SourceImageId: image })
    const last = await copied(west, { Name: 'last', SourceImageId: middle })
    await ec2().send(new DeregisterImageCommand({ ImageId: middle }))
    const { ImageAncestryEntries } = await west.ec2.send(new GetImageAncestryCommand({ ImageId: last }))
    assert.deepEqual(
      ImageAncestryEntries!.map(({ ImageId, SourceImageId, SourceImageRegion }) => [
        ImageId,
        SourceImageId,
        SourceImageRegion,
      ]),
      [
        [last, middle, 'us-east-1'],
        [middle, image, 'us-east-1'],
        [image, await baseImage(ec2()), 'us-east-1'],
        [await baseImage(ec2()), undefined, undefined],
      ],
    )
  })

  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-quotas.html
  it('is for everybody only five times in a region, which the quota says before', async () => {
    const quota = { ServiceCode: 'ec2', QuotaCode: 'L-0E3CBAB9' }
    const { Quota } = await ground.aws.quotas.send(new GetServiceQuotaCommand(quota))
    assert.deepEqual([Quota?.QuotaName, Quota?.Value], ['Public AMIs', 5])
    const first = await ground.aws.quotas.send(new GetAWSDefaultServiceQuotaCommand(quota))
    assert.equal(first.Quota?.Value, 5)
    await ec2().send(new DisableImageBlockPublicAccessCommand({}))
    await until(
      () => ec2().send(new GetImageBlockPublicAccessStateCommand({})),
      ({ ImageBlockPublicAccessState }) => ImageBlockPublicAccessState === 'unblocked',
    )
    const names = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth']
    const made = await Promise.all(names.map((Name) => copied(ground.aws, { Name, SourceImageId: image })))
    for (const id of made.slice(0, 5)) await share(id, { Group: 'all' })
    assert.deepEqual(await refusal(share(made[5]!, { Group: 'all' })), {
      code: 'ResourceLimitExceeded',
      message:
        'You have reached your quota of 5 for the number of public images allowed in this Region. Deregister unused ' +
        'public images or make them private, or request an increase in your public AMIs quota.',
    })
    const far = { ImageId: made[0]!, DeprecateAt: new Date(Date.now() + 800 * 86_400_000) }
    assert.equal((await refusal(ec2().send(new EnableImageDeprecationCommand(far)))).code, 'InvalidParameterValue')
  })
})
