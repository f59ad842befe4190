import assert from 'node:assert/strict'
import { DeleteStackCommand } from '@aws-sdk/client-cloudformation'
import { GetParameterHistoryCommand } from '@aws-sdk/client-ssm'
import { describe, it } from 'mocha'
import { onRehearsal, until } from './support/ground.ts'
import { stacksOf } from './support/stacks.ts'

const trust = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'scheduler.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    },
  ],
}

/** A parameter that is written every night. */
const template = (expression: string) => ({
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: trust,
        Policies: [
          {
            PolicyName: 'own',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: 'ssm:PutParameter',
                  Resource: { 'Fn::Sub': 'arn:aws:ssm:*:${AWS::AccountId}:parameter/night' },
                },
              ],
            },
          },
        ],
      },
    },
    Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'nights' } },
    Schedule: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        GroupName: { Ref: 'Group' },
        ScheduleExpression: expression,
        ScheduleExpressionTimezone: 'Europe/Berlin',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: 'arn:aws:scheduler:::aws-sdk:ssm:putParameter',
          RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Input: '{"Name":"/night","Type":"String","Overwrite":true,"Value":"<aws.scheduler.scheduled-time>"}',
        },
      },
    },
  },
})

/** What the clocks of Berlin strike then. */
const inBerlin = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'short' })

// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
describe('EventBridge Scheduler, as AWS documents it', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const { create, update, find } = stacksOf(ground)
  const capable = { Capabilities: ['CAPABILITY_IAM' as const] }
  const written = async (): Promise<readonly string[]> => {
    const { Parameters = [] } = await ground.aws.ssm.send(new GetParameterHistoryCommand({ Name: '/night' }))
    return Parameters.map(({ Value }) => Value!)
  }
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)

  it('calls at each of its times, as its role, until its stack is gone', async () => {
    const stack = await create('nights', template('cron(30 5 * * ? *)'), capable)
    assert.equal(stack.StackStatus, 'CREATE_COMPLETE', stack.StackStatusReason)
    await ground.rehearsal.moveClock(inDays(2))
    const times = await written()
    assert.deepEqual(
      times.map((time) => inBerlin.format(new Date(time))),
      ['05:30', '05:30'],
    )
    const calls = (await ground.rehearsal.journal()).filter(({ operation }) => operation === 'PutParameter')
    assert.ok(calls.every(({ principal }) => /:assumed-role\/nights-Role-.*/.test(principal)))
    await update('nights', template('cron(0 7 * * ? *)'), capable)
    await ground.rehearsal.moveClock(inDays(3))
    assert.equal(inBerlin.format(new Date((await written()).at(-1)!)), '07:00')
    await ground.aws.cloudformation.send(new DeleteStackCommand({ StackName: 'nights' }))
    await until(
      () => find('nights').catch(() => undefined),
      (found) => found === undefined,
    )
    await ground.rehearsal.moveClock(inDays(5))
    assert.equal((await written()).length, 3)
  })
})
