import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import {
  CreatePipelineCommand,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  PutApprovalResultCommand,
  StartPipelineExecutionCommand,
  type ActionDeclaration,
  type ActionExecutionDetail,
  type PipelineExecutionSummary,
  type StageState,
} from '@aws-sdk/client-codepipeline'
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3'
import { until, type Ground } from './ground.ts'
import { allow, makeRole } from './roles.ts'

export const pipelineName = 'loop'
const arn = 'arn:aws:codepipeline:us-east-1:123456789012:loop'
export const template = JSON.stringify({
  Parameters: { Colour: { Type: 'String' } },
  Resources: { A: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { Ref: 'Colour' } } } },
})

/** A pipeline that asks and then deploys a stack, and words to watch it by. */
export function loopOn(ground: Ground) {
  const pipelines = () => ground.aws.codepipeline

  const executions = async (): Promise<readonly PipelineExecutionSummary[]> =>
    (await pipelines().send(new ListPipelineExecutionsCommand({ pipelineName }))).pipelineExecutionSummaries!
  const ended = (id: string): Promise<string | undefined> =>
    until(
      async () => (await executions()).find(({ pipelineExecutionId }) => pipelineExecutionId === id)?.status,
      (status) => status !== 'InProgress' && status !== 'Stopping',
    )
  const stage = async (name: string): Promise<StageState> => {
    const { stageStates = [] } = await pipelines().send(new GetPipelineStateCommand({ name: pipelineName }))
    return stageStates.find(({ stageName }) => stageName === name)!
  }
  const tokenOf = async (id: string): Promise<string> => {
    const asked = await until(
      () => stage('Ask'),
      ({ latestExecution, actionStates }) =>
        latestExecution?.pipelineExecutionId === id && actionStates?.[0]?.latestExecution?.token !== undefined,
    )
    return asked.actionStates![0]!.latestExecution!.token!
  }
  const answer = (token: string, status: 'Approved' | 'Rejected', summary = 'because') =>
    pipelines().send(
      new PutApprovalResultCommand({
        pipelineName,
        stageName: 'Ask',
        actionName: 'Approve',
        token,
        result: { status, summary },
      }),
    )
  const actions = async (id: string): Promise<readonly ActionExecutionDetail[]> => {
    const asked = new ListActionExecutionsCommand({ pipelineName, filter: { pipelineExecutionId: id } })
    return (await pipelines().send(asked)).actionExecutionDetails!.toReversed()
  }
  const start = async (colour: string): Promise<string> => {
    const variables = [{ name: 'Colour', value: colour }]
    const asked = new StartPipelineExecutionCommand({ name: pipelineName, variables })
    return (await pipelines().send(asked)).pipelineExecutionId!
  }

  /** Makes it, with a rule that starts it when its source is put. */
  const make = async (): Promise<void> => {
    const { s3, cloudformation } = ground.aws
    for (const Bucket of ['loop-source', 'loop-artifacts']) await s3.send(new CreateBucketCommand({ Bucket }))
    const Bucket = 'loop-source'
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
    const NotificationConfiguration = { EventBridgeConfiguration: {} }
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }))
    const events = await makeRole(ground, 'events', 'events.amazonaws.com', [
      allow('codepipeline:StartPipelineExecution', arn),
    ])
    const EventPattern = {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [Bucket] }, object: { key: ['source.zip'] } },
    }
    const Targets = [{ Id: 'loop', Arn: arn, RoleArn: events }]
    const TemplateBody = JSON.stringify({
      Resources: { Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern, Targets } } },
    })
    await cloudformation.send(new CreateStackCommand({ StackName: 'rule', TemplateBody }))
    await until(
      async () => (await cloudformation.send(new DescribeStacksCommand({ StackName: 'rule' }))).Stacks![0]!.StackStatus,
      (status) => status === 'CREATE_COMPLETE',
    )
    const deploy = await makeRole(ground, 'deploy', 'cloudformation.amazonaws.com', [allow('ssm:*')])
    const allowed = [allow(['s3:*', 'cloudformation:*']), allow('iam:PassRole', deploy)]
    const roleArn = await makeRole(ground, 'pipeline', 'codepipeline.amazonaws.com', allowed)
    const stack = (name: string, runOrder: number, more: Record<string, string>): ActionDeclaration => ({
      name,
      runOrder,
      actionTypeId: { category: 'Deploy', owner: 'AWS', provider: 'CloudFormation', version: '1' },
      inputArtifacts: [{ name: 'Source' }],
      configuration: { StackName: 'deployed', ChangeSetName: 'next', RoleArn: deploy, ...more },
    })
    const source: ActionDeclaration = {
      name: 'Get',
      namespace: 'Source',
      actionTypeId: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' },
      configuration: { S3Bucket: Bucket, S3ObjectKey: 'source.zip', PollForSourceChanges: 'false' },
      outputArtifacts: [{ name: 'Source' }],
    }
    const approve: ActionDeclaration = {
      name: 'Approve',
      actionTypeId: { category: 'Approval', owner: 'AWS', provider: 'Manual', version: '1' },
      configuration: { CustomData: '#{Source.VersionId} in #{variables.Colour}' },
    }
    const plan = stack('Plan', 1, {
      ActionMode: 'CHANGE_SET_REPLACE',
      TemplatePath: 'Source::template.json',
      ParameterOverrides: '{"Colour": "#{variables.Colour}"}',
    })
    const stages = [
      { name: 'Source', actions: [source] },
      { name: 'Ask', actions: [approve] },
      { name: 'Deploy', actions: [plan, stack('Execute', 2, { ActionMode: 'CHANGE_SET_EXECUTE' })] },
    ]
    await pipelines().send(
      new CreatePipelineCommand({
        pipeline: {
          name: pipelineName,
          roleArn,
          pipelineType: 'V2',
          artifactStore: { type: 'S3', location: 'loop-artifacts' },
          variables: [{ name: 'Colour', defaultValue: 'red' }],
          stages,
        },
      }),
    )
  }

  return { make, pipelines, executions, ended, stage, tokenOf, answer, actions, start }
}
