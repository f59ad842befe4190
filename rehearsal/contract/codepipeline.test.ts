import assert from 'node:assert/strict'
import { DescribeChangeSetCommand } from '@aws-sdk/client-cloudformation'
import {
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  GetPipelineCommand,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  RetryStageExecutionCommand,
  RollbackStageCommand,
  StopPipelineExecutionCommand,
  UpdatePipelineCommand,
} from '@aws-sdk/client-codepipeline'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { before, describe, it } from 'mocha'
import { onRehearsal, refusal, until } from './support/ground.ts'
import { zip } from './support/zip.ts'
import { pipelineName, template, loopOn } from './support/loop.ts'

describe('CodePipeline, as AWS documents it', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const { make, pipelines, executions, ended, stage, tokenOf, answer, actions, start } = loopOn(ground)
  let pushed = ''

  const refused = async (call: Promise<unknown>): Promise<string> => (await refusal(call)).code

  before(make)

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
