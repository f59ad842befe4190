import {
  DescribeAccountAttributesCommand,
  DescribeAddressesCommand,
  DescribeRegionsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { Account } from '../core/ports/account.ts'
import { makeClient, type ClientOptions } from './client/clients.ts'
import { listAll } from './client/paged.ts'

export function makeAccount(options: ClientOptions): Account {
  const sts = makeClient(STSClient, options)
  const ec2 = makeClient(EC2Client, options)
  return {
    id: async () => (await sts.send(new GetCallerIdentityCommand({}))).Account ?? '',
    caller: async () => (await sts.send(new GetCallerIdentityCommand({}))).Arn ?? '',
    regions: async () => {
      const { Regions = [] } = await ec2.send(new DescribeRegionsCommand({}))
      return Regions.map(({ RegionName = '' }) => RegionName).sort()
    },
    // EC2 does not tell the quota of VPCs; Service Quotas would, with rights of its own.
    vpcs: async () => {
      const found = await listAll(
        (NextToken) => ec2.send(new DescribeVpcsCommand({ NextToken })),
        (page) => page.Vpcs,
      )
      return { used: found.length, quota: undefined }
    },
    elasticIps: async () => {
      const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}))
      const { AccountAttributes = [] } = await ec2.send(
        new DescribeAccountAttributesCommand({ AttributeNames: ['vpc-max-elastic-ips' as never] }),
      )
      const quota = Number(AccountAttributes[0]?.AttributeValues?.[0]?.AttributeValue)
      return { used: Addresses.length, quota: Number.isInteger(quota) && quota > 0 ? quota : undefined }
    },
  }
}
