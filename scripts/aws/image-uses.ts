import {
  CreateImageUsageReportCommand,
  DescribeImageReferencesCommand,
  DescribeImageUsageReportEntriesCommand,
  DescribeImageUsageReportsCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2'
import { batchesOf } from '../core/batches.ts'
import type { ImageUses } from '../core/ports/cleaning/image-uses.ts'
import { makeClient, type ClientOptions } from './client/clients.ts'
import { listAll } from './client/paged.ts'

const mostOnPage = 1000
/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplateVersions.html */
const mostTemplates = 200
/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImageReferences.html */
const mostReferred = 10

const living = ['pending', 'running', 'shutting-down', 'stopping', 'stopped']

/** More versions than a launch template can have: without it EC2 looks at the newest few alone.
 *  https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-ami-references.html */
const everyVersion = {
  ResourceType: 'ec2:LaunchTemplate' as const,
  ResourceTypeOptions: [{ OptionName: 'version-depth' as const, OptionValues: ['10000'] }],
}
const notTerminated = {
  ResourceType: 'ec2:Instance' as const,
  ResourceTypeOptions: [{ OptionName: 'state-name' as const, OptionValues: living }],
}

/** Who uses images. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-ami-usage.html */
export function makeImageUses(
  options: ClientOptions,
  client: Pick<EC2Client, 'send'> = makeClient(EC2Client, options),
): ImageUses {
  return {
    instances: () => {
      const Filters = [{ Name: 'instance-state-name', Values: living }]
      return listAll(
        (NextToken) => client.send(new DescribeInstancesCommand({ Filters, NextToken, MaxResults: mostOnPage })),
        ({ Reservations = [] }) =>
          Reservations.flatMap(({ Instances = [] }) => Instances).map(
            ({ InstanceId: id = '', ImageId: image = '', Tags = [] }) => {
              const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]))
              return { id, image, group: tags['aws:autoscaling:groupName'] ?? null, tags }
            },
          ),
      )
    },
    templates: async () => {
      const asked = { Versions: ['$Latest', '$Default'], MaxResults: mostTemplates }
      const found = await listAll(
        (NextToken) => client.send(new DescribeLaunchTemplateVersionsCommand({ ...asked, NextToken })),
        (page) => page.LaunchTemplateVersions,
      )
      // A version may be both.
      const versions = new Map(found.map((one) => [`${one.LaunchTemplateId} ${one.VersionNumber}`, one]))
      return [...versions.values()].map((one) => ({
        id: one.LaunchTemplateId ?? '',
        name: one.LaunchTemplateName ?? '',
        version: String(one.VersionNumber ?? ''),
        isDefault: one.DefaultVersion === true,
        image: one.LaunchTemplateData?.ImageId,
      }))
    },
    references: async (images) => {
      const pages = await Promise.all(
        batchesOf(images, mostReferred).map((ImageIds) => {
          const asked = { ImageIds, IncludeAllResourceTypes: true, ResourceTypes: [everyVersion, notTerminated] }
          return listAll(
            (NextToken) => client.send(new DescribeImageReferencesCommand({ ...asked, NextToken })),
            (page) => page.ImageReferences,
          )
        }),
      )
      return pages.flat().map(({ ImageId: image = '', Arn: by = '' }) => ({ image, by }))
    },
    reports: async () => {
      const [reports, entries] = await Promise.all([
        listAll(
          (NextToken) => client.send(new DescribeImageUsageReportsCommand({ NextToken, MaxResults: mostOnPage })),
          (page) => page.ImageUsageReports,
        ),
        listAll(
          (NextToken) => client.send(new DescribeImageUsageReportEntriesCommand({ NextToken, MaxResults: mostOnPage })),
          (page) => page.ImageUsageReportEntries,
        ),
      ])
      return reports.map(({ ReportId, ImageId: image = '', State: state = '', CreationTime }) => ({
        image,
        state,
        time: CreationTime?.getTime() ?? 0,
        entries: entries
          .filter((entry) => entry.ReportId === ReportId)
          .map(({ AccountId = '', ResourceType = '', UsageCount = 0 }) => ({
            account: AccountId,
            type: ResourceType,
            count: UsageCount,
          })),
      }))
    },
    askForReport: async (image) => {
      const { ResourceTypeOptions: every } = everyVersion
      await client.send(
        new CreateImageUsageReportCommand({
          ImageId: image,
          ResourceTypes: [
            { ResourceType: 'ec2:Instance' },
            { ResourceType: 'ec2:LaunchTemplate', ResourceTypeOptions: every },
          ],
        }),
      )
    },
  }
}
