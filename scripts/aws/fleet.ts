import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling'
import type { Filter } from '@aws-sdk/client-ec2'
import { batchesOf } from '../core/batches.ts'
import type { Fleet, GroupFacts, TaggedInstance } from '../core/ports/fleet.ts'
import { lazyClient, type ClientOptions } from './client/clients.ts'
import { awsCode } from './client/failures.ts'
import { listAll } from './client/paged.ts'
import { tryLaunch } from './try-launch.ts'

/** On a page. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html */
const mostGroups = 100

/** A filter takes 200 values. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const mostValues = 200

function toGroup(group: AutoScalingGroup): GroupFacts {
  const template = group.LaunchTemplate ?? group.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification
  const stack = group.Tags?.find(({ Key }) => Key === 'aws:cloudformation:stack-name')?.Value
  return {
    name: group.AutoScalingGroupName ?? '',
    desired: group.DesiredCapacity ?? 0,
    tags: Object.fromEntries((group.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    ...(stack === undefined ? {} : { stack }),
    launchTemplate:
      template?.LaunchTemplateId === undefined
        ? null
        : { id: template.LaunchTemplateId, version: template.Version ?? '$Default' },
    subnets: (group.VPCZoneIdentifier ?? '').split(',').filter((id) => id !== ''),
    instances: (group.Instances ?? []).map((instance) => ({
      id: instance.InstanceId ?? '',
      healthy: instance.HealthStatus === 'Healthy',
      lifecycle: instance.LifecycleState ?? '',
    })),
  }
}

/** Auto Scaling groups and instances. */
export function makeFleet(options: ClientOptions): Fleet {
  const scaling = () => import('@aws-sdk/client-auto-scaling')
  const compute = () => import('@aws-sdk/client-ec2')
  const groups = lazyClient(async () => (await scaling()).AutoScalingClient, options)
  const ec2 = lazyClient(async () => (await compute()).EC2Client, options)

  const instances = async (...filters: readonly Filter[]): Promise<TaggedInstance[]> => {
    const alive = { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] }
    const { DescribeInstancesCommand } = await compute()
    const reservations = await listAll(
      (NextToken) =>
        ec2.send(new DescribeInstancesCommand({ Filters: [...filters, alive], NextToken, MaxResults: 1000 })),
      (page) => page.Reservations,
    )
    return reservations
      .flatMap(({ Instances = [] }) => Instances)
      .map(({ InstanceId: id = '', ImageId: image = '', Tags = [] }) => {
        const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]))
        return { id, image, group: tags['aws:autoscaling:groupName'] ?? null, tags }
      })
  }

  return {
    groups: async (names) => {
      if (names.length === 0) return []
      const { DescribeAutoScalingGroupsCommand } = await scaling()
      // It takes as many names as a page may have records.
      const pages = await Promise.all(
        batchesOf(names, mostGroups).map((batch) =>
          groups.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: batch, MaxRecords: mostGroups })),
        ),
      )
      return pages.flatMap(({ AutoScalingGroups = [] }) => AutoScalingGroups).map(toGroup)
    },
    allGroups: async () => {
      const { DescribeAutoScalingGroupsCommand } = await scaling()
      const found = await listAll(
        (NextToken) => groups.send(new DescribeAutoScalingGroupsCommand({ NextToken, MaxRecords: mostGroups })),
        (page) => page.AutoScalingGroups,
      )
      return found.map(toGroup)
    },
    instancesOf: async (images) => {
      if (images.length === 0) return []
      if (images.length <= mostValues) return instances({ Name: 'image-id', Values: [...images] })
      // Of so many images it takes fewer calls to read all instances than to ask for those of each batch.
      const known = new Set(images)
      return (await instances()).filter(({ image }) => known.has(image))
    },
    instancesIn: (vpc) => instances({ Name: 'vpc-id', Values: [vpc] }),
    tryLaunch: (launch) => tryLaunch(launch, ec2),
    template: async (LaunchTemplateId, version) => {
      const { DescribeLaunchTemplateVersionsCommand } = await compute()
      try {
        const { LaunchTemplateVersions = [] } = await ec2.send(
          new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: [version] }),
        )
        const [found] = LaunchTemplateVersions
        return found === undefined
          ? { type: 'no version' }
          : { type: 'version', image: found.LaunchTemplateData?.ImageId }
      } catch (error) {
        // InvalidLaunchTemplateId.VersionNotFound, and .NotFound of the template
        const code = awsCode(error) ?? ''
        if (/^InvalidLaunchTemplate.*VersionNotFound/.test(code)) return { type: 'no version' }
        if (/^InvalidLaunchTemplate.*NotFound/.test(code)) return { type: 'no template' }
        throw error
      }
    },
  }
}
