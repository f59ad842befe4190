import type { ElasticLoadBalancingV2Client, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Listeners } from '../core/ports/listeners.ts'
import type { ListenerRule } from '../core/stack/place-rule.ts'
import { lazyClient, type ClientOptions } from './client/clients.ts'

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
      const found: ListenerRule[] = []
      let Marker: string | undefined
      do {
        const page = await client.send(new DescribeRulesCommand({ ListenerArn, Marker }))
        for (const rule of page.Rules ?? [])
          if (rule.IsDefault !== true)
            found.push({
              arn: rule.RuleArn ?? '',
              priority: Number(rule.Priority),
              conditions: (rule.Conditions ?? []).map(conditionOf),
              targetGroups: (rule.Actions ?? []).flatMap(({ TargetGroupArn, ForwardConfig }) => [
                ...(TargetGroupArn === undefined ? [] : [TargetGroupArn]),
                ...(ForwardConfig?.TargetGroups ?? []).map((group) => group.TargetGroupArn ?? ''),
              ]),
            })
        Marker = page.NextMarker
      } while (Marker !== undefined)
      return found
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
