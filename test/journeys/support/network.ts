import {
  DescribeAddressesCommand,
  DescribeNatGatewaysCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2'
import { clients } from '../../../rehearsal/contract/support/aws.ts'
import type { Rehearsal } from '../../../rehearsal/contract/support/rehearsal.ts'

/** What a riglet of three environments has of the account's scarce things, each once. */
export const threeNetworks = {
  vpcs: ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'],
  natGateways: 3,
  addresses: 3,
}

/** What the account holds of them, beside its default VPC; NAT gateways that are gone still show for an hour. */
export async function networks(rehearsal: Rehearsal): Promise<typeof threeNetworks> {
  const { ec2 } = clients(rehearsal)
  const [{ Vpcs = [] }, { NatGateways = [] }, { Addresses = [] }] = await Promise.all([
    ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['false'] }] })),
    ec2.send(new DescribeNatGatewaysCommand({})),
    ec2.send(new DescribeAddressesCommand({})),
  ])
  return {
    vpcs: Vpcs.map(({ CidrBlock = '' }) => CidrBlock).sort(),
    natGateways: NatGateways.length,
    addresses: Addresses.length,
  }
}

/** The subnets of the account's own VPCs: by the VPC's addresses the third number of each, and the zone that it lies in. */
export async function subnets(
  rehearsal: Rehearsal,
): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
  const { ec2 } = clients(rehearsal)
  const { Vpcs = [] } = await ec2.send(
    new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['false'] }] }),
  )
  const found: Record<string, Record<string, string>> = {}
  for (const { VpcId = '', CidrBlock = '' } of Vpcs) {
    const Filters = [{ Name: 'vpc-id', Values: [VpcId] }]
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters }))
    found[CidrBlock] = Object.fromEntries(
      Subnets.map((subnet) => [subnet.CidrBlock?.split('.')[2] ?? '', subnet.AvailabilityZone?.slice(-1) ?? '']),
    )
  }
  return found
}

/** The subnet with these addresses. */
export async function subnetOf({ ec2 }: Pick<ReturnType<typeof clients>, 'ec2'>, cidr: string): Promise<string> {
  const asked = new DescribeSubnetsCommand({ Filters: [{ Name: 'cidr-block', Values: [cidr] }] })
  const { Subnets = [] } = await ec2.send(asked)
  return Subnets[0]?.SubnetId ?? ''
}
