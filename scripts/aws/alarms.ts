import type { Alarms } from '../core/ports/alarms.ts'
import { lazyClient, type ClientOptions } from './client/clients.ts'

/** CloudWatch's alarms and metrics; few verbs need them, so the client is loaded then. */
export function makeAlarms(options: ClientOptions): Alarms {
  const load = () => import('@aws-sdk/client-cloudwatch')
  const client = lazyClient(async () => (await load()).CloudWatchClient, options)
  return {
    state: async (name) => {
      const { DescribeAlarmsCommand } = await load()
      // Composite ones are told only where they are asked for by kind.
      const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(
        new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
      )
      return [...MetricAlarms, ...CompositeAlarms][0]?.StateValue
    },
    measure: async (Namespace, measured) => {
      const { PutMetricDataCommand } = await load()
      const MetricData = measured.map(({ name, environment, value }) => ({
        MetricName: name,
        Dimensions: [{ Name: 'Environment', Value: environment }],
        Value: value,
      }))
      await client.send(new PutMetricDataCommand({ Namespace, MetricData }))
    },
  }
}
