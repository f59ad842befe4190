import assert from 'node:assert/strict'
import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { before, describe, it } from 'mocha'
import { alarmState, askCloudWatch } from '../../rehearsal/contract/support/alarms.ts'
import { loadTemplate, type Tree, type Value } from '../templates/support/template.ts'
import { onRehearsal, until } from './rehearsal.ts'

// No user may write into a namespace that begins with AWS/.
const Namespace = 'Test/ApplicationELB'

/** What the load balancers report in each minute: metric -> values. */
type Minute = Readonly<Record<string, readonly number[]>>

const quiet: Minute = { RequestCount: [40] }
/** Each case is an alarm of its own on an app of its own, and the state that it must be in after `minutes`. */
const cases: Readonly<Record<string, { alarm: string; minutes: readonly Minute[]; state: string }>> = {
  'one number for all zones': { alarm: 'UnhealthyAlarm', minutes: Array(3).fill(hosts(1)), state: 'ALARM' },
  'a number for each zone': { alarm: 'UnhealthyAlarm', minutes: Array(3).fill(hosts(1, 0)), state: 'ALARM' },
  'a moment that touches two minutes': {
    alarm: 'UnhealthyAlarm',
    minutes: [hosts(0), hosts(0, 1), hosts(1, 0)],
    state: 'OK',
  },
  'errors of targets': {
    alarm: 'ErrorAlarm',
    minutes: Array(3).fill({ ...quiet, HTTPCode_Target_5XX_Count: [6] }),
    state: 'ALARM',
  },
  'targets that are not reached': {
    alarm: 'ErrorAlarm',
    minutes: Array(3).fill({ ...quiet, TargetConnectionErrorCount: [6] }),
    state: 'ALARM',
  },
  'some of both': {
    alarm: 'ErrorAlarm',
    minutes: Array(3).fill({ ...quiet, TargetConnectionErrorCount: [3], HTTPCode_Target_5XX_Count: [3] }),
    state: 'ALARM',
  },
  'one error in a quiet hour': {
    alarm: 'ErrorAlarm',
    minutes: Array(3).fill({ RequestCount: [1], HTTPCode_Target_5XX_Count: [1] }),
    state: 'OK',
  },
  'no error at all': { alarm: 'ErrorAlarm', minutes: Array(3).fill(quiet), state: 'OK' },
  'no target and no number': { alarm: 'OutageAlarm', minutes: [], state: 'ALARM' },
  'a zone without, one with healthy hosts': {
    alarm: 'OutageAlarm',
    minutes: Array(3).fill({ HealthyHostCount: [0, 2] }),
    state: 'OK',
  },
  'no healthy host in any zone': {
    alarm: 'OutageAlarm',
    minutes: Array(3).fill({ HealthyHostCount: [0, 0] }),
    state: 'ALARM',
  },
}

function hosts(...UnHealthyHostCount: readonly number[]): Minute {
  return { UnHealthyHostCount }
}

/** Seconds of a minute at the rehearsal's own speed. */
const minute = 6

describe('the alarms of an app, whichever way its load balancer reports', function () {
  this.timeout(120_000)
  const ground = onRehearsal()
  const names = Object.keys(cases)

  const dimensions = (index: number): Tree[] => [{ Name: 'App', Value: `app-${index}` }]
  /** The template's alarm, on metrics of ours. */
  const own = (value: Value, index: number): Value => {
    if (Array.isArray(value)) return value.map((inner) => own(inner, index))
    if (value === null || typeof value !== 'object') return value
    const entries = Object.entries(value).map(([key, inner]): [string, Value] =>
      key === 'Namespace'
        ? [key, Namespace]
        : key === 'Dimensions'
          ? [key, dimensions(index)]
          : [key, own(inner, index)],
    )
    return Object.fromEntries(entries)
  }

  before(async () => {
    const { Resources } = await loadTemplate('app-image')
    const alarms = names.map((name, index): [string, Tree] => {
      const { AlarmActions, OKActions, AlarmDescription, Tags, ...rest } = Resources[cases[name]!.alarm]!.Properties!
      assert.ok(AlarmActions !== undefined && OKActions !== undefined && AlarmDescription !== undefined && Tags)
      const Properties = { ...(own(rest, index) as Tree), AlarmName: `case-${index}` }
      return [`Case${index}`, { Type: 'AWS::CloudWatch::Alarm', Properties }]
    })
    const TemplateBody = JSON.stringify({ Resources: Object.fromEntries(alarms) })
    await ground.aws.cloudformation.send(new CreateStackCommand({ StackName: 'alarms', TemplateBody }))
    await until(
      () => ground.aws.cloudformation.send(new DescribeStacksCommand({ StackName: 'alarms' })),
      ({ Stacks }) => Stacks?.[0]?.StackStatus === 'CREATE_COMPLETE',
    )
    // Three whole minutes, each case's metrics in the middle of each.
    const longest = Math.max(...names.map((name) => cases[name]!.minutes.length))
    const now = Date.now() / 1000
    const start = (Math.floor(now / minute) + 1) * minute
    for (let turn = 0; turn < longest; turn += 1) {
      const at = start + turn * minute + minute / 2
      await new Promise((go) => setTimeout(go, at * 1000 - Date.now()))
      await Promise.all(names.map((name, index) => report(index, cases[name]!.minutes[turn] ?? {})))
    }
    const end = start + longest * minute
    await new Promise((go) => setTimeout(go, end * 1000 - Date.now() + 2500))
  })

  const report = async (index: number, metrics: Minute): Promise<void> => {
    const data = Object.entries(metrics).flatMap(([MetricName, values]) =>
      values.map((value) => ({ MetricName, value })),
    )
    if (data.length === 0) return
    const parameters = data.flatMap(({ MetricName, value }, place): [string, string][] => {
      const datum = `MetricData.member.${place + 1}`
      return [
        [`${datum}.MetricName`, MetricName],
        [`${datum}.Value`, String(value)],
        [`${datum}.Timestamp`, new Date().toISOString()],
        [`${datum}.Dimensions.member.1.Name`, 'App'],
        [`${datum}.Dimensions.member.1.Value`, `app-${index}`],
      ]
    })
    await askCloudWatch(ground.rehearsal, 'PutMetricData', { Namespace, ...Object.fromEntries(parameters) })
  }

  for (const [index, [name, { alarm, state }]] of Object.entries(cases).entries())
    it(`${alarm} is ${state}: ${name}`, async () => {
      assert.equal(await alarmState(ground.rehearsal, `case-${index}`), state)
    })
})
