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
import { GetParameterCommand, GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm'
import { before, describe, it } from 'mocha'
import { findFreeze } from '../../scripts/actions/pipeline/find-freeze.ts'
import { freezePipeline, thawPipeline } from '../../scripts/actions/pipeline/freeze-pipeline.ts'
import { makeParameters } from '../../scripts/aws/parameters.ts'
import { makePipelines } from '../../scripts/aws/pipeline/pipelines.ts'
import { twoPeople } from '../../scripts/core/approval/person.ts'
import { fakePipelines } from '../fakes/pipelines.ts'
import { fakePorts, fakeRegion } from '../fakes/regional.ts'
import { fakeStacks, stackState } from '../fakes/stacks.ts'
import { answering } from '../fakes/terminal.ts'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { loadTemplate } from '../templates/support/template.ts'
import { statementsOf } from '../templates/support/statements.ts'
import { insideRehearsal, refusal, until } from './rehearsal.ts'
import { allow, as, makeRole, policy } from '../../rehearsal/contract/support/roles.ts'
import { zip } from '../../rehearsal/contract/support/zip.ts'

const region = { region: 'us-east-1' } as const
const settings = {
  ...{ OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1', REPO: 'web', BRANCH: 'main', ENV: 'production' },
  ...{ UNTIL: '2026-02-02T08:00Z', REASON: 'Christmas trade: "hands off" – Zoë' },
}
const place = '/acme/shop/freeze/production/web-main'

describe('a freeze, kept by AWS', function () {
  this.timeout(60_000)
  const ground = insideRehearsal()

  const world = () => {
    const name = 'acme-shop-pipeline-web-main'
    const action = { name: 'Guard', status: 'Succeeded', changed: 0, summary: '', error: '', token: '' } as const
    const pipelines = fakePipelines({
      name,
      stages: [
        {
          ...{ name: 'Production', execution: 'e', status: 'Succeeded', barred: null },
          actions: [{ ...action, external: '', link: '' }],
        },
      ],
    })
    const found = fakeRegion({ pipelines, stacks: fakeStacks({ states: [stackState(name)] }) })
    return { ...fakePorts(answering(), found), parameters: makeParameters(region) }
  }
  const held = (ports: ReturnType<typeof world>) =>
    findFreeze({ owner: 'acme', project: 'shop' }, 'production', { repo: 'web', branch: 'main' }, ports)

  it('is found as it was made, made again over the one before, and gone when it is thawed, twice', async () => {
    const ports = world()
    assert.equal(await held(ports), undefined)
    await freezePipeline({ ...settings, REASON: 'first' }, ports)
    await freezePipeline(settings, ports)
    assert.deepEqual(await held(ports), {
      ...{ until: '2026-02-02T08:00:00.000Z', reason: settings.REASON },
      ...{ by: 'arn:aws:iam::123456789012:user/ada', since: '2026-01-31T12:00:00.000Z' },
    })
    await thawPipeline(settings, ports)
    await thawPipeline(settings, ports)
    assert.equal(await held(ports), undefined)
  })

  it('is told with all others of a riglet, however many pages they take', async () => {
    const port = makeParameters(region)
    const names = Array.from({ length: 23 }, (_, index) => `/acme/shop/freeze/production/app-${index}`)
    for (const name of names) await port.put(name, name, { Owner: 'acme' })
    await port.put('/acme/shop/other', 'x', {})
    const values = await port.values('/acme/shop/freeze')
    assert.deepEqual([...values.keys()].sort(), names.toSorted())
    assert.ok([...values].every(([name, value]) => name === value))
    await port.remove(names)
  })

  for (const job of ['GuardRole', 'PacketRole'])
    it(`is read by the ${job} of its own pipeline, which changes nothing of it and reads no other`, async () => {
      const statements = statementsOf(await loadTemplate('jobs'))
        .filter(({ role }) => role === job)
        .map(({ actions, resources, condition }) => ({
          ...allow(actions, '*'),
          Resource: resources,
          Condition: condition,
        }))
      const { ssm } = await as(ground, await makeRole(ground, `a-${job}`, '', statements))
      const put = (Name: string) => new PutParameterCommand({ Name, Value: '{}', Type: 'String', Overwrite: true })
      const other = '/acme/shop/freeze/production/blog-main'
      for (const name of [place, other]) await ground.aws.ssm.send(put(name))
      assert.equal((await ssm.send(new GetParameterCommand({ Name: place }))).Parameter?.Value, '{}')
      for (const call of [
        () => ssm.send(put(place)),
        () => ssm.send(new GetParameterCommand({ Name: other })),
        () => ssm.send(new GetParameterCommand({ Name: '/acme/shop/production/web-main/secret' })),
        () => ssm.send(new GetParametersByPathCommand({ Path: '/acme/shop' })),
      ])
        assert.match((await refusal(call())).code, /^AccessDenied/)
    })
})

describe('a roll-back, kept by AWS', function () {
  this.timeout(60_000)
  const ground = insideRehearsal()

  it('is read by the packet job: the roll-back of its own pipeline, which it does not change, and no other', async () => {
    const statements = statementsOf(await loadTemplate('jobs'))
      .filter(({ role }) => role === 'PacketRole')
      .map(({ actions, resources, condition }) => ({
        ...allow(actions, '*'),
        Resource: resources,
        Condition: condition,
      }))
    const { ssm } = await as(ground, await makeRole(ground, 'a-packet', '', statements))
    const put = (Name: string) => new PutParameterCommand({ Name, Value: '{}', Type: 'String', Overwrite: true })
    const [own, other] = ['web-main', 'blog-main'].map((app) => `/acme/shop/rollback/production/${app}`)
    for (const name of [own!, other!]) await ground.aws.ssm.send(put(name))
    assert.equal((await ssm.send(new GetParameterCommand({ Name: own! }))).Parameter?.Value, '{}')
    for (const call of [() => ssm.send(put(own!)), () => ssm.send(new GetParameterCommand({ Name: other! }))])
      assert.match((await refusal(call())).code, /^AccessDenied/)
  })
})

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
