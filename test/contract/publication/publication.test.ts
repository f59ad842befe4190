import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ListActionExecutionsCommand, PutApprovalResultCommand } from '@aws-sdk/client-codepipeline'
import { DescribeLogStreamsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { DeregisterImageCommand, DescribeImagesCommand, type Image } from '@aws-sdk/client-ec2'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm'
import type { Account } from '../../../rehearsal/contract/support/accounts.ts'
import { stageOf } from '../../journeys/support/pipeline.ts'
import { outputOf } from '../../journeys/support/stacks.ts'
import { newUser, type User } from '../../journeys/support/user.ts'
import { makeRepository, temporary, type GitRepository } from '../../support/git-repository.ts'
import { accountsOn, tags } from '../accounts/world.ts'
import { until } from '../rehearsal.ts'
import { artifacts, layersOn } from '../templates/layers.ts'
import { makeVerifying } from './verifying.ts'

const run = promisify(execFile)
const pipeline = 'acme-shop-publication-web-main'
const token = 'glpat-PlantedToken0123456789'
const regions = ['us-east-1', 'eu-west-1'] as const
const name = 'acme-shop/web/1.4.2-9f3c2e1a'
const path = 'manifests/images.json'

/** The whole of it: a push, four jobs under their own roles, three approvals, another account, and a repository. */
describe('a publication', function () {
  this.timeout(600_000)
  const { ground, deploy, imageIn, home, makeAccount } = accountsOn()
  const { create } = layersOn(ground)
  let hub: Account
  let user: User | undefined
  let folder: Awaited<ReturnType<typeof temporary>> | undefined
  let repository: GitRepository
  let [candidate, images] = ['', '']
  /** The execution that is to fail. */
  let failing = ''

  const copyIn = async (region: string): Promise<Image | undefined> => {
    const asked = new DescribeImagesCommand({ Owners: ['self'], Filters: [{ Name: 'name', Values: [name] }] })
    return (await hub.in(region).ec2.send(asked)).Images![0]
  }
  /** What an approval says to whoever is asked, and its link. */
  const asked = async (stage: string): Promise<Readonly<Record<string, string>>> => {
    const approval = async () =>
      (await stageOf(ground.aws, pipeline, stage))?.actionStates?.find(({ actionName }) => actionName === 'Approve')
    const failed = async (): Promise<void> => {
      for (const one of ['Replicate', 'Publish', 'Document', 'Promote']) {
        const { latestExecution } = (await stageOf(ground.aws, pipeline, one)) ?? {}
        if (latestExecution?.status === 'Failed' && latestExecution.pipelineExecutionId !== failing)
          assert.fail(`${one} failed: ${(await logOf(one)).slice(-3000)}`)
      }
    }
    await until(
      async () => {
        const found = (await approval())?.latestExecution?.token
        if (found === undefined) await failed()
        return found
      },
      (found) => found !== undefined,
      240,
    )
    const { actionExecutionDetails = [] } = await ground.aws.codepipeline.send(
      new ListActionExecutionsCommand({ pipelineName: pipeline }),
    )
    const [newest] = actionExecutionDetails.filter((one) => one.stageName === stage && one.actionName === 'Approve')
    return newest!.input!.resolvedConfiguration!
  }
  const approves = async (stage: string): Promise<void> => {
    const state = await stageOf(ground.aws, pipeline, stage)
    const waiting = state?.actionStates?.find(({ actionName }) => actionName === 'Approve')
    await ground.aws.codepipeline.send(
      new PutApprovalResultCommand({
        ...{ pipelineName: pipeline, stageName: stage, actionName: 'Approve' },
        token: waiting?.latestExecution?.token,
        result: { status: 'Approved', summary: 'go' },
      }),
    )
  }
  const ends = (stage: string): Promise<string> =>
    until(
      async () => (await stageOf(ground.aws, pipeline, stage))?.latestExecution?.status ?? '',
      (status) => /^(?:Succeeded|Failed|Stopped)$/.test(status),
      240,
    )
  async function logOf(job: string): Promise<string> {
    const logGroupName = `/acme-shop/publication/${pipeline}`
    const { logStreams = [] } = await ground.aws.logs.send(new DescribeLogStreamsCommand({ logGroupName }))
    const names = logStreams.map(({ logStreamName = '' }) => logStreamName)
    const pages = await Promise.all(
      names
        .filter((one) => one.startsWith(`${job.toLowerCase()}/`))
        .map((logStreamName) =>
          ground.aws.logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true })),
        ),
    )
    return pages.flatMap(({ events = [] }) => events.map(({ message = '' }) => message)).join('')
  }
  const worked = async (stage: string): Promise<void> => {
    if ((await ends(stage)) !== 'Succeeded') assert.fail(`${stage}: ${(await logOf(stage)).slice(-4000)}`)
  }

  before(async () => {
    hub = await makeAccount('hub')
    folder = await temporary('publication')
    repository = await makeRepository(folder.path, 'acme/infrastructure')
    await repository.commit('main', { 'README.md': 'Ours.\n' }, 'Begin')
    await ground.aws.ssm.send(new PutParameterCommand({ Name: '/acme/shop/token', Value: token, Type: 'SecureString' }))
    const Tags = Object.entries({ ...tags, Inputs: '9f3c2e1a'.repeat(8) }).map(([Key, Value]) => ({ Key, Value }))
    candidate = await imageIn(home(), 'us-east-1', 'acme-shop/candidate/web/1.4.2-9f3c2e1a-20260131T120000Z', {
      TagSpecifications: [
        { ResourceType: 'image', Tags },
        { ResourceType: 'snapshot', Tags },
      ],
    })
    images = `accounts:
  hub: { account: "${hub.id}", role: riglet/distribution, externalId: acme-hub, regions: [${regions.join(', ')}] }
images:
  web: { account: hub, encryption: false, shareWith: [hub] }
consumer: { repository: "${folder.path}/acme/infrastructure.git", token: /acme/shop/token }
`
    await create(artifacts)
    await makeVerifying(ground, candidate)
    user = await newUser('publication', ground.rehearsal)
    await mkdir(join(user.folder, 'manifests'), { recursive: true })
    await writeFile(join(user.folder, 'manifests/images.yaml'), images)
    await run('git', ['add', 'manifests'], { cwd: user.folder })
    await run('git', ['commit', '-q', '-m', 'Say what is published'], { cwd: user.folder })
    await run('git', ['tag', 'v1.4.2'], { cwd: user.folder })
    await user.does('create-publication', 'YES=1')
    const trusted = await outputOf(ground.aws, pipeline, 'TrustedRoles')
    await deploy('hub', `${images}trusted: [${trusted}]\n`, hub)
  })

  after(async () => {
    await user?.leaves()
    await folder?.remove()
  })

  it('begins once a push is verified, copies into the other account, and asks with the plan (G11, G12, G27)', async () => {
    await user!.does('push')
    const { CustomData, ExternalEntityLink } = await asked('Publish')
    assert.equal(
      CustomData,
      `web 1.4.2 of c0ffee1 (${candidate}) for ${hub.id} in ${hub.id} us-east-1, ${hub.id} eu-west-1`,
    )
    const { hostname, pathname, searchParams } = new URL(ExternalEntityLink!)
    assert.equal(hostname, 'us-east-1.console.aws.amazon.com')
    const [Bucket, Key] = [pathname.split('/').at(-1)!, searchParams.get('prefix')!]
    const { Body } = await ground.aws.s3.send(new GetObjectCommand({ Bucket, Key }))
    const plan = (await Body!.transformToString()).replace(/\s+/g, ' ')
    assert.match(
      plan,
      new RegExp(`${hub.id} eu-west-1 protect from deregistration; tag Published; share with ${hub.id}`),
    )
    for (const region of regions) assert.equal((await copyIn(region))!.State, 'available')
  })

  it('does not publish where a copy is missing, and says where; nothing is proposed then (G30)', async () => {
    const { ImageId } = (await copyIn('eu-west-1'))!
    await hub.in('eu-west-1').ec2.send(new DeregisterImageCommand({ ImageId }))
    await approves('Publish')
    assert.equal(await ends('Publish'), 'Failed')
    failing = (await stageOf(ground.aws, pipeline, 'Publish'))!.latestExecution!.pipelineExecutionId!
    assert.match(await logOf('Publish'), new RegExp(`web cannot be published:\\s+${hub.id} eu-west-1: `))
    assert.equal((await stageOf(ground.aws, pipeline, 'Document'))?.latestExecution, undefined)
  })

  it('publishes, proposes and promotes, each after its own approval (G11, G15, G16, G17, G18)', async () => {
    await user!.does('push', 'YES=1')
    // The approval of before has an answer already.
    await asked('Publish')
    await approves('Publish')
    const { CustomData: proposes } = await asked('Document')
    assert.match(
      proposes!,
      /^Propose to .*\/acme\/infrastructure\.git: web in eu-west-1 is ami-\w+; web in us-east-1 is ami-\w+$/,
    )
    assert.equal(await repository.git(['branch', '--list', 'riglet/*']), '')
    await approves('Document')
    await worked('Document')
    const manifest = JSON.parse((await repository.textOf('riglet/acme-shop', path))!) as Record<
      string,
      Record<string, { id: string }>
    >
    for (const region of regions) assert.equal(manifest['web']![region]!.id, (await copyIn(region))!.ImageId)

    assert.match((await asked('Promote'))['CustomData']!, /^Let stable name web of release v1\.4\.2: /)
    await approves('Promote')
    await worked('Promote')
    for (const region of regions) {
      const Name = '/acme/shop/channel/stable/web/x86_64'
      const { Parameter } = await hub.in(region).ssm.send(new GetParameterCommand({ Name }))
      assert.equal(Parameter!.Value, (await copyIn(region))!.ImageId)
    }
  })

  it('had no call refused, and none of its jobs was anybody but itself', async () => {
    const calls = (await ground.rehearsal.journal()).filter(({ principal }) =>
      /-(?:Replicate|Publish|Document|Promote)Role-/.test(principal),
    )
    assert.ok(calls.length > 20)
    assert.deepEqual(
      calls
        .filter(({ error }) => /Denied|Unauthorized/.test(error))
        .map(({ operation, principal }) => `${principal} ${operation}`),
      [],
    )
  })

  it('goes with its bucket, and what it published stays', async () => {
    await user!.does('delete-publication', 'YES=1')
    for (const region of regions) assert.equal((await copyIn(region))!.State, 'available')
  })
})
