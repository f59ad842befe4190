import assert from 'node:assert/strict'
import { CreateUserCommand, CreateAccessKeyCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import {
  CreatePipelineCommand,
  GetPipelineCommand,
  GetPipelineStateCommand,
  PutApprovalResultCommand,
  StartPipelineExecutionCommand,
  UpdatePipelineCommand,
  type ActionDeclaration,
  type PipelineDeclaration,
} from '@aws-sdk/client-codepipeline'
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { before, describe, it } from 'mocha'
import { makePipelines } from '../../scripts/aws/pipeline/pipelines.ts'
import { twoPeople } from '../../scripts/core/approval/person.ts'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { insideRehearsal, until } from './rehearsal.ts'
import { allow, as, makeRole, policy } from '../../rehearsal/contract/support/roles.ts'
import { zip } from '../../rehearsal/contract/support/zip.ts'

const region = { region: 'us-east-1' } as const

describe('our port to CodePipeline', function () {
  this.timeout(60_000)
  const ground = insideRehearsal()
  const pipelineName = 'asks'

  before(async () => {
    const { s3, codepipeline } = ground.aws
    for (const Bucket of ['asks-source', 'asks-artifacts']) await s3.send(new CreateBucketCommand({ Bucket }))
    const Bucket = 'asks-source'
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
    await s3.send(new PutObjectCommand({ Bucket, Key: 'source.zip', Body: zip({ 'a.txt': 'a' }) }))
    const roleArn = await makeRole(ground, 'asks', 'codepipeline.amazonaws.com', [allow('s3:*')])
    const types = { owner: 'AWS', version: '1' } as const
    const source: ActionDeclaration = {
      name: 'Control',
      actionTypeId: { ...types, category: 'Source', provider: 'S3' },
      configuration: { S3Bucket: Bucket, S3ObjectKey: 'source.zip', PollForSourceChanges: 'false' },
      outputArtifacts: [{ name: 'Control' }],
    }
    const approve: ActionDeclaration = {
      name: 'Approve',
      actionTypeId: { ...types, category: 'Approval', provider: 'Manual' },
    }
    const pipeline: PipelineDeclaration = {
      ...{ name: pipelineName, roleArn, pipelineType: 'V2' },
      artifactStore: { type: 'S3', location: 'asks-artifacts' },
      stages: [
        { name: 'Source', actions: [source] },
        { name: 'Ask', actions: [approve] },
      ],
    }
    await codepipeline.send(new CreatePipelineCommand({ pipeline }))
  })

  const token = async (): Promise<string> =>
    until(
      async () => {
        const { stageStates = [] } = await ground.aws.codepipeline.send(
          new GetPipelineStateCommand({ name: pipelineName }),
        )
        return stageStates[1]?.actionStates?.[0]?.latestExecution?.token ?? ''
      },
      (found) => found !== '',
    )
  const answerAs = async ({ codepipeline }: Pick<ReturnType<typeof clients>, 'codepipeline'>): Promise<void> => {
    const result = { status: 'Approved', summary: 'in the console' } as const
    const asked = { pipelineName, stageName: 'Ask', actionName: 'Approve', token: await token(), result }
    await codepipeline.send(new PutApprovalResultCommand(asked))
  }
  const mayApprove = allow('codepipeline:PutApprovalResult')
  /** By way of an access key: who has none of our code. */
  const userCalled = async (UserName: string) => {
    const { iam } = ground.aws
    await iam.send(new CreateUserCommand({ UserName, Path: '/team/' }))
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: policy(mayApprove) }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
    const env = { AWS_ACCESS_KEY_ID: AccessKey!.AccessKeyId!, AWS_SECRET_ACCESS_KEY: AccessKey!.SecretAccessKey! }
    return clients({ ...ground.rehearsal, env: { ...ground.rehearsal.env, ...env } })
  }
  const approver = async (): Promise<string> => {
    const runs = await makePipelines(region).runsSince(pipelineName, 0)
    return runs.find(({ approval }) => approval)!.by
  }

  it('names the session that approved, whose name tells the person', async () => {
    const session = await as(ground, await makeRole(ground, 'approvers', '', [mayApprove]))
    await answerAs(session)
    await until(approver, (by) => by !== '')
    assert.equal(await approver(), 'arn:aws:sts::123456789012:assumed-role/approvers/test')
    assert.equal(twoPeople('arn:aws:iam::123456789012:user/test', await approver()).type, 'one')
  })

  it('names the user that approved, under whatever path', async () => {
    const ann = await userCalled('ann')
    await ground.aws.codepipeline.send(new StartPipelineExecutionCommand({ name: pipelineName }))
    await answerAs(ann)
    await until(approver, (by) => by.includes('user'))
    assert.equal(await approver(), 'arn:aws:iam::123456789012:user/team/ann')
    assert.equal(twoPeople('arn:aws:sts::123456789012:assumed-role/Dev/ann@example.com', await approver()).type, 'one')
    assert.equal(twoPeople('arn:aws:sts::123456789012:assumed-role/Dev/bob@example.com', await approver()).type, 'two')
  })

  it('tells of every run which execution it was of, when it ended, and what it was given', async () => {
    const port = makePipelines(region)
    const [newest, before] = await port.executions(pipelineName, 10)
    const runs = await port.runsSince(pipelineName, 0)
    assert.deepEqual(
      runs.map(({ execution, action }) => `${execution} ${action}`),
      [newest!, before!].flatMap(({ id }) => [`${id} Approve`, `${id} Control`]),
    )
    assert.ok(runs.every(({ started, updated }) => updated >= started && started > 0))
    assert.equal(runs.find(({ action }) => action === 'Control')?.configuration['S3ObjectKey'], 'source.zip')
  })

  it('stops an execution, and takes it well when there is nothing left to stop', async () => {
    const port = makePipelines(region)
    const { pipelineExecutionId: id = '' } = await ground.aws.codepipeline.send(
      new StartPipelineExecutionCommand({ name: pipelineName }),
    )
    await token()
    await port.stop(pipelineName, id)
    await port.stop(pipelineName, id)
    await until(
      async () => (await port.executions(pipelineName, 1))[0],
      (newest) => newest?.id === id && newest.status === 'Stopped',
    )
    await port.stop(pipelineName, id)
  })

  it('tells which structure of a pipeline an execution is of', async () => {
    const port = makePipelines(region)
    const [newest] = await port.executions(pipelineName, 1)
    const versions = async () => [
      (await port.execution(pipelineName, newest!.id))?.version,
      (await port.state(pipelineName))?.version,
    ]
    const [then, now] = await versions()
    assert.equal(then, now)
    const { pipeline } = await ground.aws.codepipeline.send(new GetPipelineCommand({ name: pipelineName }))
    await ground.aws.codepipeline.send(new UpdatePipelineCommand({ pipeline }))
    assert.deepEqual(await versions(), [then, now! + 1])
  })
})
