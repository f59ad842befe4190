import type { StackState } from './state.ts'

/**
 * What holds something that no update brings back, by its name in the template. Foundation: the network and its fixed
 * address, the load balancer's name and the listener that apps' rules stand on, records and subscriptions that people made,
 * and the role without which no app stack can be deleted. App: the group, whose instances would all end at once. Whatever
 * a roll-out or a setting may replace is not among them: launch template, target group, alarms.
 */
const holdsState = {
  foundation: ['Vpc', 'NatAddress', 'LoadBalancer', 'Listener', 'InternalZone', 'OperationsTopic', 'DeployRole'],
  app: ['Group'],
} as const

export type ProtectedKind = keyof typeof holdsState

export const stateOf = (kind: ProtectedKind): readonly string[] => holdsState[kind]

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html */
export const stackPolicy = (kind: ProtectedKind | 'none'): string =>
  JSON.stringify({
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: 'Update:*', Resource: '*' },
      ...(kind === 'none'
        ? []
        : [
            {
              Effect: 'Deny',
              Principal: '*',
              Action: ['Update:Replace', 'Update:Delete'],
              Resource: holdsState[kind].map((name) => `LogicalResourceId/${name}`),
            },
          ]),
    ],
  })

/** An app stack, or an environment's foundation; others are not protected by us. */
export const kindOf = ({ parameters, name }: Pick<StackState, 'parameters' | 'name'>): ProtectedKind | undefined =>
  'Foundation' in parameters ? 'app' : name.endsWith('-foundation') ? 'foundation' : undefined

/** Whether it is one that riglet protects by itself, and so may lift the protection of, once its name was typed. */
export const isProductions = (state: StackState): boolean =>
  state.tags['Environment'] === 'production' && kindOf(state) !== undefined
