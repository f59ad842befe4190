import { shapes } from '../shapes.ts'
import { stackName, tagsOf } from '../names.ts'
import { owned, type Layer, type OfEnvironment } from './layer.ts'

/** An environment's ground: network, load balancer, and the role that deploys into it. */
export const foundation = {
  layer: 'foundation',
  template: 'cloudformation/foundation.yaml',
  standsOn: {},
  // The network and its fixed address, the load balancer's name and the listener that apps' rules stand on, records and
  // subscriptions that people made, and the role without which no app stack can be deleted.
  holdsState: ['Vpc', 'NatAddress', 'LoadBalancer', 'Listener', 'InternalZone', 'OperationsTopic', 'DeployRole'],
  stack: ({ riglet, environment }) => stackName.foundation(riglet, environment),
  title: ({ environment }) => `${environment} foundation`,
  parameters: ({ riglet, environment, cidr }) => ({
    ...owned(riglet),
    Environment: environment,
    Builds: shapes[environment].builds ? 'yes' : 'no',
    ...(cidr === undefined ? {} : { Cidr: cidr }),
  }),
  defaults: ({ environment }) => ({ Cidr: shapes[environment].cidr }),
  fixed: ['Cidr'],
  tags: ({ riglet, environment }) => tagsOf(riglet, environment),
  facts: ({ outputs }) => ({ vpc: outputs['VpcId'], listener: outputs['ListenerArn'] }),
} as const satisfies Layer<OfEnvironment & { readonly cidr?: string | undefined }>
