import {
  DeregisterImageCommand,
  DescribeSnapshotsCommand,
  DisableImageCommand,
  DisableImageDeregistrationProtectionCommand,
  EC2Client,
} from '@aws-sdk/client-ec2'
import type { Retirement } from '../core/ports/cleaning/retirement.ts'
import { makeClient, type ClientOptions } from './client/clients.ts'
import { awsCode } from './client/failures.ts'
import { listAll } from './client/paged.ts'

const mostOnPage = 1000

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-lifecycle.html */
export function makeRetirement(options: ClientOptions): Retirement {
  const client = makeClient(EC2Client, options)
  return {
    disable: async (ImageId) => void (await client.send(new DisableImageCommand({ ImageId }))),
    unprotect: async (ImageId) =>
      void (await client.send(new DisableImageDeregistrationProtectionCommand({ ImageId }))),
    deregister: async (ImageId) => {
      try {
        await client.send(new DeregisterImageCommand({ ImageId, DeleteAssociatedSnapshots: true }))
      } catch (error) {
        if (!/^InvalidAMIID\.(?:NotFound|Unavailable)$/.test(awsCode(error) ?? '')) throw error
      }
    },
    snapshots: (tags) => {
      const Filters = Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }))
      const asked = { OwnerIds: ['self'], Filters, MaxResults: mostOnPage }
      return listAll(
        (NextToken) => client.send(new DescribeSnapshotsCommand({ ...asked, NextToken })),
        (page) =>
          page.Snapshots?.map(({ SnapshotId: id = '', Tags = [], StartTime }) => ({
            id,
            tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
            begun: StartTime?.getTime() ?? 0,
          })),
      )
    },
  }
}
