import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  waitUntilChangeSetCreateComplete,
} from '@aws-sdk/client-cloudformation'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { clients } from '../../../rehearsal/contract/support/aws.ts'
import type { Rehearsal } from '../../../rehearsal/contract/support/rehearsal.ts'
import { stageOf } from './pipeline.ts'
import { statusOf } from './stacks.ts'
import { until } from '../../../rehearsal/contract/support/until.ts'

type Tools = ReturnType<typeof clients>

/** What a machine hands to whoever runs code on it: the credentials of its role, as the metadata service tells them. */
export type MachineKeys = { readonly AccessKeyId: string; readonly SecretAccessKey: string; readonly Token: string }

/** Reads a parameter with a machine's credentials; the value, or the error's name. */
export async function readWith(keys: MachineKeys, { endpoint }: Rehearsal, Name: string): Promise<string> {
  const credentials = {
    accessKeyId: keys.AccessKeyId,
    secretAccessKey: keys.SecretAccessKey,
    sessionToken: keys.Token,
  }
  try {
    const reader = new SSMClient({ endpoint, region: 'us-east-1', credentials })
    return (await reader.send(new GetParameterCommand({ Name }))).Parameter?.Value ?? ''
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  }
}

/** Has CloudFormation make one resource under a deploy role; tells how the stack ended and why. */
export async function deployAs(
  { cloudformation }: Pick<Tools, 'cloudformation'>,
  RoleARN: string,
  StackName: string,
  resource: object,
): Promise<string> {
  const TemplateBody = JSON.stringify({ Resources: { Planted: resource } })
  const Tags = [
    { Key: 'Owner', Value: 'acme' },
    { Key: 'Project', Value: 'shop' },
    { Key: 'Environment', Value: 'integration' },
    { Key: 'App', Value: 'web-main' },
  ]
  const Capabilities = ['CAPABILITY_NAMED_IAM' as const]
  await cloudformation.send(new CreateStackCommand({ StackName, RoleARN, TemplateBody, Tags, Capabilities }))
  const status = await until(
    () => statusOf({ cloudformation }, StackName),
    (one) => /_(?:COMPLETE|FAILED)$/.test(one),
  )
  const { StackEvents = [] } = await cloudformation.send(new DescribeStackEventsCommand({ StackName }))
  const failed = StackEvents.find(
    ({ LogicalResourceId, ResourceStatus }) => LogicalResourceId === 'Planted' && ResourceStatus === 'CREATE_FAILED',
  )
  return `${status}: ${failed?.ResourceStatusReason ?? ''}`
}

/** What integration's deploy role must not make: a rule before production, machines in its network, a role for others. */
export const outsiders = (at: {
  readonly listener: string
  readonly subnet: string
  readonly template: object
}): Readonly<Record<string, object>> => ({
  rule: {
    Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    Properties: {
      ListenerArn: at.listener,
      Priority: 1,
      Conditions: [{ Field: 'path-pattern', Values: ['/*'] }],
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
    },
  },
  machines: {
    Type: 'AWS::AutoScaling::AutoScalingGroup',
    Properties: { MinSize: '0', MaxSize: '1', VPCZoneIdentifier: [at.subnet], LaunchTemplate: at.template },
  },
  role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Principal: { AWS: '210987654321' }, Action: 'sts:AssumeRole' }],
      },
    },
  },
})

/**
 * Waits until the guard is done and the execution begins, and puts another change set in the place of the approved one:
 * the same but for one parameter. Somebody has to hold up the execution meanwhile.
 */
export async function swapChangeSet(
  { cloudformation, codepipeline }: Tools,
  pipeline: string,
  StackName: string,
  { role, parameter, value }: { readonly role: string; readonly parameter: string; readonly value: string },
): Promise<void> {
  const execution = await until(async () => {
    const production = await stageOf({ codepipeline }, pipeline, 'Production')
    const execute = production?.actionStates?.find(({ actionName }) => actionName === 'Execute')
    return execute?.latestExecution?.status === 'InProgress'
      ? (production?.latestExecution?.pipelineExecutionId ?? '')
      : ''
  }, Boolean)
  const ChangeSetName = `pipeline-${execution}`
  const named = { StackName, ChangeSetName }
  const approved = await cloudformation.send(new DescribeChangeSetCommand(named))
  await cloudformation.send(new DeleteChangeSetCommand(named))
  const Parameters = (approved.Parameters ?? []).map(({ ParameterKey, ParameterValue }) => ({
    ParameterKey,
    ParameterValue: ParameterKey === parameter ? value : ParameterValue,
  }))
  const { Capabilities, Tags } = approved
  const order = { ...named, RoleARN: role, UsePreviousTemplate: true, Parameters, Capabilities, Tags }
  await cloudformation.send(new CreateChangeSetCommand(order))
  const soon = { client: cloudformation, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }
  await waitUntilChangeSetCreateComplete(soon, named)
}
