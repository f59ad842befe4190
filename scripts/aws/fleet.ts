import { batchesOf } from '../core/batches.ts'
import type { Fleet } from '../core/ports/fleet.ts'
import { lazyClient, type ClientOptions } from './client/clients.ts'
import { awsCode } from './client/failures.ts'
import { listAll } from './client/paged.ts'

/** Auto Scaling groups and instances. */
export function makeFleet(options: ClientOptions): Fleet {
  const scaling = () => import('@aws-sdk/client-auto-scaling')
  const compute = () => import('@aws-sdk/client-ec2')
  const groups = lazyClient(async () => (await scaling()).AutoScalingClient, options)
  const ec2 = lazyClient(async () => (await compute()).EC2Client, options)

  return {
    groups: async (names) => {
      if (names.length === 0) return []
      const { DescribeAutoScalingGroupsCommand } = await scaling()
      // It takes as many names as a page may have records.
      const pages = await Promise.all(
        batchesOf(names, 100).map((batch) =>
          groups.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: batch, MaxRecords: 100 })),
        ),
      )
      const all = pages.flatMap(({ AutoScalingGroups = [] }) => AutoScalingGroups)
      return all.map((group) => ({
        name: group.AutoScalingGroupName ?? '',
        desired: group.DesiredCapacity ?? 0,
        launchTemplate:
          group.LaunchTemplate?.LaunchTemplateId === undefined
            ? null
            : { id: group.LaunchTemplate.LaunchTemplateId, version: group.LaunchTemplate.Version ?? '$Default' },
        instances: (group.Instances ?? []).map((instance) => ({
          id: instance.InstanceId ?? '',
          healthy: instance.HealthStatus === 'Healthy',
          lifecycle: instance.LifecycleState ?? '',
        })),
      }))
    },
    instancesIn: async (vpc) => {
      const Filters = [
        { Name: 'vpc-id', Values: [vpc] },
        { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
      ]
      const { DescribeInstancesCommand } = await compute()
      const reservations = await listAll(
        (NextToken) => ec2.send(new DescribeInstancesCommand({ Filters, NextToken, MaxResults: 1000 })),
        (page) => page.Reservations,
      )
      return reservations
        .flatMap(({ Instances = [] }) => Instances)
        .map(({ InstanceId: id = '', ImageId: image = '', Tags = [] }) => {
          const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]))
          return { id, image, group: tags['aws:autoscaling:groupName'] ?? null, tags }
        })
    },
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
