import type { ElasticLoadBalancingV2Client, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Listeners } from '../core/ports/listeners.ts'
import { lazyClient, type ClientOptions } from './client/clients.ts'
import { listAll } from './client/paged.ts'

const load = () => import('@aws-sdk/client-elastic-load-balancing-v2')

/** Elastic Load Balancing. */
export function makeListeners(
  options: ClientOptions,
  client: Pick<ElasticLoadBalancingV2Client, 'send'> = lazyClient(
    async () => (await load()).ElasticLoadBalancingV2Client,
    options,
  ),
): Listeners {
  return {
    rules: async (ListenerArn) => {
      const { DescribeRulesCommand } = await load()
      const found = await listAll(
        (Marker) => client.send(new DescribeRulesCommand({ ListenerArn, Marker })),
        (page) => page.Rules,
        'NextMarker',
      )
      return found
        .filter(({ IsDefault }) => IsDefault !== true)
        .map((rule) => ({
          arn: rule.RuleArn ?? '',
          priority: Number(rule.Priority),
          conditions: (rule.Conditions ?? []).map(conditionOf),
          targetGroups: (rule.Actions ?? []).flatMap(({ TargetGroupArn, ForwardConfig }) => [
            ...(TargetGroupArn === undefined ? [] : [TargetGroupArn]),
            ...(ForwardConfig?.TargetGroups ?? []).map((group) => group.TargetGroupArn ?? ''),
          ]),
        }))
    },
    tagsOf: async (rule) => {
      const { DescribeTagsCommand } = await load()
      const { TagDescriptions = [] } = await client.send(new DescribeTagsCommand({ ResourceArns: [rule] }))
      return Object.fromEntries((TagDescriptions[0]?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
    },
  }
}

/** Older rules have their values beside the configuration, newer ones in it. */
const conditionOf = ({ Field = '', Values, HostHeaderConfig, PathPatternConfig }: RuleCondition) => ({
  field: Field,
  values: HostHeaderConfig?.Values ?? PathPatternConfig?.Values ?? Values ?? [],
})
