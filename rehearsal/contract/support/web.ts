import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ModifyTargetGroupAttributesCommand,
  type TargetHealth,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Ground } from './ground.ts'
import type { Site } from './site.ts'

/** A load balancer with a listener on port 80 that forwards to a target group; its health check is at `path`. */
export type Web = { readonly balancer: string; readonly listener: string; readonly group: string; readonly url: string }

/** A target group that checks often and gives targets up soon. */
export async function makeGroup({ aws: { elb } }: Ground, site: Site, Name: string, path = '/'): Promise<string> {
  const made = await elb.send(
    new CreateTargetGroupCommand({
      Name,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: site.vpc,
      HealthCheckPath: path,
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
    }),
  )
  const TargetGroupArn = made.TargetGroups![0]!.TargetGroupArn!
  const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '20' }]
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }))
  return TargetGroupArn
}

export async function makeWeb(ground: Ground, site: Site, name: string): Promise<Web> {
  const { elb } = ground.aws
  const [group, { LoadBalancers = [] }] = await Promise.all([
    makeGroup(ground, site, name),
    elb.send(new CreateLoadBalancerCommand({ Name: name, Subnets: [...site.subnets], SecurityGroups: [site.group] })),
  ])
  const balancer = LoadBalancers[0]!.LoadBalancerArn!
  const { Listeners = [] } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: balancer,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: group }],
    }),
  )
  return { balancer, listener: Listeners[0]!.ListenerArn!, group, url: `http://${LoadBalancers[0]!.DNSName}` }
}

export async function health({ aws: { elb } }: Ground, group: string, id: string): Promise<TargetHealth> {
  const found = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: group, Targets: [{ Id: id }] }))
  return found.TargetHealthDescriptions![0]!.TargetHealth!
}
