import assert from 'node:assert/strict'
import { makeImageUses } from '../../scripts/aws/image-uses.ts'
import { fakeSdk, onePage } from '../fakes/sdk.ts'

const ask = (answers: Parameters<typeof fakeSdk>[0]) => {
  const client = fakeSdk(answers)
  return { client, port: makeImageUses({ region: 'eu-west-1' }, client as never) }
}

describe('who uses images, as EC2 tells it', () => {
  it('asks for references ten images at a time, of all versions of launch templates (B08)', async () => {
    const ids = Array.from({ length: 25 }, (_, index) => `ami-${index}`)
    const { client, port } = ask({
      DescribeImageReferences: ({ ImageIds }) => ({
        ImageReferences: (ImageIds as string[]).map((ImageId) => ({ ImageId, Arn: `arn of ${ImageId}` })),
      }),
    })
    const found = await port.references(ids)
    assert.deepEqual(
      found,
      ids.map((image) => ({ image, by: `arn of ${image}` })),
    )
    assert.deepEqual(
      client.sent.map(({ input }) => (input['ImageIds'] as string[]).length),
      [10, 10, 5],
    )
    const [{ input }] = client.sent as [(typeof client.sent)[0]]
    assert.equal(input['IncludeAllResourceTypes'], true)
    assert.match(JSON.stringify(input['ResourceTypes']), /"version-depth","OptionValues":\["10000"\]/)
    assert.doesNotMatch(JSON.stringify(input['ResourceTypes']), /terminated/)
    assert.deepEqual(await port.references([]), [])
  })

  it('names a version of a launch template once that is the newest and the default one', async () => {
    const version = { LaunchTemplateId: 'lt-1', LaunchTemplateName: 'web', VersionNumber: 1, DefaultVersion: true }
    const LaunchTemplateVersions = [version, version, { ...version, VersionNumber: 2, DefaultVersion: false }]
    const { port } = ask({ DescribeLaunchTemplateVersions: () => ({ LaunchTemplateVersions }) })
    assert.deepEqual(
      (await port.templates()).map((one) => [one.version, one.isDefault]),
      [
        ['1', true],
        ['2', false],
      ],
    )
  })

  it('reads every page of the reports and of what they say', async () => {
    const reports = ['one', 'two', 'three'].map((ReportId) => ({
      ...{ ReportId, ImageId: 'ami-1', State: 'available', CreationTime: new Date(5) },
    }))
    const entries = reports.map(({ ReportId }) => ({
      ...{ ReportId, AccountId: '333333333333', ResourceType: 'ec2:Instance', UsageCount: 1 },
    }))
    const { port } = ask({
      DescribeImageUsageReports: ({ NextToken }) => {
        const { items, ...page } = onePage(reports, 2, NextToken)
        return { ImageUsageReports: items, ...page }
      },
      DescribeImageUsageReportEntries: ({ NextToken }) => {
        const { items, ...page } = onePage(entries, 1, NextToken)
        return { ImageUsageReportEntries: items, ...page }
      },
    })
    const found = await port.reports()
    assert.deepEqual(
      found.map((report) => report.entries),
      Array.from({ length: 3 }, () => [{ account: '333333333333', type: 'ec2:Instance', count: 1 }]),
    )
  })
})
