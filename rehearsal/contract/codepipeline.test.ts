import assert from 'node:assert/strict'
import { CreateStackCommand, DescribeChangeSetCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import {
  CreatePipelineCommand,
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  GetPipelineCommand,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  PutApprovalResultCommand,
  RetryStageExecutionCommand,
  RollbackStageCommand,
  StartPipelineExecutionCommand,
  StopPipelineExecutionCommand,
  UpdatePipelineCommand,
  type ActionDeclaration,
  type ActionExecutionDetail,
  type PipelineExecutionSummary,
  type StageState,
} from '@aws-sdk/client-codepipeline'
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { before, describe, it } from 'mocha'
import { onRehearsal, refusal, until } from './support/ground.ts'
import { allow, makeRole } from './support/roles.ts'
import { zip } from './support/zip.ts'

const pipelineName = 'loop'
const arn = 'arn:aws:codepipeline:us-east-1:123456789012:loop'
const template = JSON.stringify({
  Parameters: { Colour: { Type: 'String' } },
  Resources: { A: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { Ref: 'Colour' } } } },
})

describe('CodePipeline, as AWS documents it', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const pipelines = () => ground.aws.codepipeline
  let pushed = ''

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
  const refused = async (call: Promise<unknown>): Promise<string> => (await refusal(call)).code

  before(async () => {
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
  })

  // https://docs.aws.amazon.com/codepipeline/latest/userguide/create-S3-source-events.html
  it('runs once when it is created, and again by the event of a new object version', async () => {
    const [created] = await executions()
    assert.equal(created?.trigger?.triggerType, 'CreatePipeline')
    assert.equal(await ended(created!.pipelineExecutionId!), 'Failed')
    const Metadata = { 'codepipeline-artifact-revision-summary': 'the first one' }
    const Body = zip({ 'template.json': template })
    const put = new PutObjectCommand({ Bucket: 'loop-source', Key: 'source.zip', Body, Metadata })
    const { VersionId } = await ground.aws.s3.send(put)
    const [second] = await until(executions, ({ length }) => length === 2)
    assert.equal(second?.trigger?.triggerType, 'CloudWatchEvent')
    pushed = second!.pipelineExecutionId!
    await tokenOf(pushed)
    const [revision] = (await executions())[0]!.sourceRevisions!
    assert.deepEqual([revision?.revisionId, revision?.revisionSummary], [VersionId, 'the first one'])
  })

  // https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html
  // https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html
  it('takes one answer to an approval, with the token that it asked with', async () => {
    const asked = (await actions(pushed)).at(-1)!.input!
    assert.match(asked.configuration!['CustomData']!, /^#\{Source\.VersionId\} in/)
    assert.match(asked.resolvedConfiguration!['CustomData']!, /^[^#]{8,} in red$/)
    const token = await tokenOf(pushed)
    const wrong = '00000000-0000-0000-0000-000000000000'
    assert.equal(await refused(answer(wrong, 'Approved')), 'InvalidApprovalTokenException')
    await answer(token, 'Rejected', 'not today')
    assert.equal(await ended(pushed), 'Failed')
    const { actionStates: [approve] = [] } = await stage('Ask')
    assert.equal(approve?.latestExecution?.status, 'Failed')
    assert.equal(approve.latestExecution.errorDetails?.message, 'not today')
    assert.match(
      await refused(answer(token, 'Approved')),
      /^(?:ApprovalAlreadyCompleted|InvalidApprovalToken)Exception$/,
    )
  })

  // https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
  it('rolls no stage back to an execution that did not succeed in it', async () => {
    const back = new RollbackStageCommand({ pipelineName, stageName: 'Ask', targetPipelineExecutionId: pushed })
    assert.equal(await refused(pipelines().send(back)), 'UnableToRollbackStageException')
  })

  // https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-retry.html
  it('retries a failed stage under the same execution, and only a failed one', async () => {
    const again = new RetryStageExecutionCommand({
      pipelineName,
      stageName: 'Ask',
      pipelineExecutionId: pushed,
      retryMode: 'FAILED_ACTIONS',
    })
    assert.equal((await pipelines().send(again)).pipelineExecutionId, pushed)
    await answer(await tokenOf(pushed), 'Approved')
    assert.equal(await ended(pushed), 'Succeeded')
    const told = (await actions(pushed)).map(({ actionName, status }) => `${actionName} ${status}`)
    assert.deepEqual(told, [
      'Get Succeeded',
      'Approve Failed',
      'Approve Succeeded',
      'Plan Succeeded',
      'Execute Succeeded',
    ])
    assert.equal(await refused(pipelines().send(again)), 'StageNotRetryableException')
  })

  // https://docs.aws.amazon.com/codepipeline/latest/userguide/transitions.html
  // That both actions succeed with an empty change set is from https://github.com/aws/aws-cdk/pull/12683
  it('waits before a disabled transition, and then lets an empty change set succeed', async () => {
    const transition = { pipelineName, stageName: 'Deploy', transitionType: 'Inbound' } as const
    await pipelines().send(new DisableStageTransitionCommand({ ...transition, reason: 'holiday' }))
    const id = await start('red')
    await answer(await tokenOf(id), 'Approved')
    const held = await until(
      () => stage('Deploy'),
      ({ inboundExecution }) => inboundExecution?.pipelineExecutionId === id,
    )
    assert.deepEqual(
      [held.inboundTransitionState?.enabled, held.inboundTransitionState?.disabledReason],
      [false, 'holiday'],
    )
    assert.equal(held.latestExecution?.pipelineExecutionId, pushed)
    await pipelines().send(new EnableStageTransitionCommand(transition))
    assert.equal(await ended(id), 'Succeeded')
    const set = new DescribeChangeSetCommand({ StackName: 'deployed', ChangeSetName: 'next' })
    const { Status, StatusReason } = await ground.aws.cloudformation.send(set)
    assert.equal(Status, 'FAILED')
    assert.match(StatusReason!, /^The submitted information didn't contain changes\./)
  })

  // https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StopPipelineExecution.html
  it('stops after the running action or abandons it, and rolls a stage back to its last success', async () => {
    const id = await start('blue')
    await tokenOf(id)
    const stop = (abandon: boolean) =>
      pipelines().send(
        new StopPipelineExecutionCommand({ pipelineName, pipelineExecutionId: id, abandon, reason: 'enough' }),
      )
    await stop(false)
    assert.equal((await executions())[0]?.status, 'Stopping')
    assert.equal(await refused(stop(false)), 'DuplicatedStopRequestException')
    await stop(true)
    assert.equal(await ended(id), 'Stopped')
    assert.equal((await actions(id)).at(-1)?.status, 'Abandoned')
    assert.equal(await refused(stop(true)), 'PipelineExecutionNotStoppableException')
    const back = new RollbackStageCommand({ pipelineName, stageName: 'Deploy', targetPipelineExecutionId: pushed })
    const { pipelineExecutionId } = await pipelines().send(back)
    assert.equal(await ended(pipelineExecutionId!), 'Succeeded')
    const [rolled] = await executions()
    assert.equal(rolled?.executionType, 'ROLLBACK')
    assert.equal(rolled.rollbackMetadata?.rollbackTargetPipelineExecutionId, pushed)
  })

  // https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
  it('takes no stage back to an execution of another structure, and tells which structure was whose', async () => {
    const versions = async () => {
      const asked = new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId: pushed })
      const { pipelineExecution } = await pipelines().send(asked)
      const { pipelineVersion } = await pipelines().send(new GetPipelineStateCommand({ name: pipelineName }))
      return [pipelineExecution!.pipelineVersion, pipelineVersion]
    }
    const [then, now] = await versions()
    assert.equal(then, now)
    const { pipeline } = await pipelines().send(new GetPipelineCommand({ name: pipelineName }))
    await pipelines().send(new UpdatePipelineCommand({ pipeline }))
    assert.deepEqual(await versions(), [then, now! + 1])
    const back = new RollbackStageCommand({ pipelineName, stageName: 'Deploy', targetPipelineExecutionId: pushed })
    assert.equal(await refused(pipelines().send(back)), 'UnableToRollbackStageException')
  })
})
