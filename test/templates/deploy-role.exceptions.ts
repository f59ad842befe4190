const notUsed = (what: string): string => `app-image.yaml sets no ${what}`
const otherKind = 'belongs to another kind of group, which app-image.yaml does not make'

/**
 * What the registry's handlers name for the types in app-image.yaml, and the deploy role does not get. A handler's list
 * is of all that any of its properties may need, so most of these stand for a property that the template leaves out.
 */
export const handlersNeedButRoleLacks: Readonly<Record<string, string>> = {
  'autoscaling:AttachLoadBalancers': notUsed('LoadBalancerNames (classic load balancers)'),
  'autoscaling:AttachTrafficSources': notUsed('TrafficSources; it sets TargetGroupARNs'),
  'autoscaling:DeleteNotificationConfiguration': notUsed('NotificationConfigurations'),
  'autoscaling:DetachLoadBalancers': notUsed('LoadBalancerNames (classic load balancers)'),
  'autoscaling:DetachTrafficSources': notUsed('TrafficSources; it sets TargetGroupARNs'),
  'autoscaling:PutNotificationConfiguration': notUsed('NotificationConfigurations'),
  'cloudwatch:GetMetricData': 'forecasts of a predictive scaling policy; ours tracks a target',
  'cognito-idp:DescribeUserPoolClient': notUsed('action authenticate-cognito in its rule'),
  'ec2:Describe*': 'too wide: the role has the nine reading actions that the types need, by name',
  'ec2:Get*': 'too wide: nothing here reads launch template data or passwords back',
  'managed-fleets:CreateAutoScalingGroup': otherKind,
  'managed-fleets:DeleteAutoScalingGroup': otherKind,
  'managed-fleets:DeregisterAutoScalingGroup': otherKind,
  'managed-fleets:Get*': otherKind,
  'managed-fleets:RegisterAutoScalingGroup': otherKind,
  'managed-fleets:UpdateAutoScalingGroup': otherKind,
  'ssm:Get*': 'for launch templates that name their image by an SSM parameter; ours has an id',
  'vpc-lattice:DeregisterTargets': notUsed('VPC Lattice target group'),
  'vpc-lattice:GetTargetGroup': notUsed('VPC Lattice target group'),
  'vpc-lattice:ListTargets': notUsed('VPC Lattice target group'),
  'vpc-lattice:RegisterTargets': notUsed('VPC Lattice target group'),
}

/** What the deploy role has, and no handler of these types names. */
export const roleHasButHandlersDoNotName: Readonly<Record<string, string>> = {}
