import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { GetLogEventsCommand, DescribeLogStreamsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CreateTagsCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { after, before, describe, it } from 'mocha'
import { attackScript, attempts, type Attempt, type Targets } from './support/attack.ts'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { copyOf } from './support/machines.ts'
import { startRehearsal, type Rehearsal } from '../../rehearsal/contract/support/rehearsal.ts'
import { callsFor, statusOf } from './support/stacks.ts'
import { newUser, setVersion, type User } from './support/user.ts'
import { identityAt, type Identity } from './support/visitor.ts'

const run = promisify(execFile)
const vars = 'packer/web/web.pkrvars.hcl'
const production = 'acme-shop-production-app-web-main'

/** What somebody could try who may push, and nothing else: docs/security.md. */
describe('a pushed commit that wants more than its image (B22)', function () {
  this.timeout(900_000)
  let rehearsal: Rehearsal
  /** Who pushes, and who released what the pipelines run. */
  let [user, person] = [{} as User, {} as User]
  let aws: ReturnType<typeof clients>
  let first: Identity
  let targets: Targets

  const output = async (StackName: string, key: string): Promise<string> => {
    const { Stacks = [] } = await aws.cloudformation.send(new DescribeStacksCommand({ StackName }))
    return Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue ?? ''
  }
  const subnetOf = async (cidr: string): Promise<string> => {
    const { Subnets = [] } = await aws.ec2.send(
      new DescribeSubnetsCommand({ Filters: [{ Name: 'cidr-block', Values: [cidr] }] }),
    )
    return Subnets[0]?.SubnetId ?? ''
  }
  const lastCall = async (): Promise<number> => (await rehearsal.journal()).at(-1)!.number

  /** Everything that the bakes of a branch's pipeline said. */
  const bakeLog = async (branch: string): Promise<string> => {
    const logGroupName = `/acme-shop/jobs/acme-shop-jobs-web-${branch}`
    const { logStreams = [] } = await aws.logs.send(new DescribeLogStreamsCommand({ logGroupName }))
    const names = logStreams.map(({ logStreamName = '' }) => logStreamName).filter((name) => name.startsWith('bake/'))
    const pages = await Promise.all(
      names.map((logStreamName) =>
        aws.logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true })),
      ),
    )
    return pages.flatMap(({ events = [] }) => events.map(({ message = '' }) => message)).join('')
  }

  /** A commit whose image runs a script with the job's own rights before anything else. */
  const plant = async (all: readonly Attempt[], planted: string, version: string): Promise<void> => {
    await writeFile(join(user.folder, 'packer/web/attack.sh'), attackScript(all, planted))
    await run('git', ['add', 'packer/web/attack.sh'], { cwd: user.folder })
    await user.commits('Tidy up', 'packer/web/image.pkr.hcl', (text) =>
      text.includes('attack.sh')
        ? `${text}\n`
        : text.replace(
            '  sources = ["source.amazon-ebs.web"]\n',
            '  sources = ["source.amazon-ebs.web"]\n\n  provisioner "shell-local" {\n    inline = ["bash ${path.root}/attack.sh"]\n  }\n',
          ),
    )
    await user.commits('Raise the version', vars, setVersion(version))
  }

  const judge = async (all: readonly Attempt[], branch: string, since: number): Promise<void> => {
    const log = await bakeLog(branch)
    const refused = (index: number): boolean =>
      new RegExp(`ATTEMPT ${index} refused: .*(?:AccessDenied|UnauthorizedOperation|Forbidden|not authorized)`).test(
        log,
      )
    const calls = (await rehearsal.journal(since)).filter(({ principal }) => /-BakeRole-/.test(principal))
    const journalled = (operation: string): boolean =>
      calls.some((one) => one.operation === operation && one.status >= 400)
    // All at once: which walls gave way, and by what.
    const gaveWay = all.flatMap(({ wall, call, operation }, index) =>
      refused(index) && journalled(operation) ? [] : [`${wall}: ${call}`],
    )
    assert.deepEqual(gaveWay, [], log.slice(-6000))
  }

  const asBefore = async (since: number): Promise<void> => {
    const { version, imageId } = await identityAt(person, 'production')
    assert.deepEqual([version, imageId], [first.version, first.imageId])
    assert.match(await statusOf(aws, production), /^CREATE_COMPLETE$/)
    assert.equal(await callsFor(rehearsal, 'ExecuteChangeSet', production, since), 0)
  }

  before(async () => {
    rehearsal = await startRehearsal('journey-attack')
    user = await newUser('attack', rehearsal)
    person = await newUser('attacked', rehearsal)
    aws = clients(rehearsal)
    await person.does('create-riglet', 'YES=1')
    await person.does('push')
    await person.does('watch-pipeline')
    const { digest } = JSON.parse((await person.does('show-approval', 'JSON=1')).stdout) as { digest: string }
    await person.does('approve', `DIGEST=${digest.slice(0, 16)}`)
    await person.does('watch-pipeline')
    first = await identityAt(person, 'production')
    await person.does('create-pipeline', 'BRANCH=side', 'YES=1')
    await aws.ssm.send(
      new PutParameterCommand({ Name: '/acme/shop/production/web-main/secret', Value: 'hidden', Type: 'String' }),
    )
    const { Account = '' } = await aws.sts.send(new GetCallerIdentityCommand({}))
    targets = {
      account: Account,
      shared: await output('acme-shop-artifacts', 'ArtifactBucket'),
      ownBucket: await output('acme-shop-jobs-web-main', 'ArtifactBucket'),
      otherBucket: await output('acme-shop-jobs-web-side', 'ArtifactBucket'),
      otherPipeline: 'pipeline web side',
      productionInstance: first.instanceId,
      productionSubnet: await subnetOf('10.3.11.0/24'),
      buildSubnet: await subnetOf('10.1.50.0/24'),
      image: first.imageId,
    }
  })

  after(async () => {
    await rehearsal.down()
    await Promise.all([user, person].map((one) => one.leaves()))
  })

  /** Pushed by somebody whose riglet is as it was released: the commit's own is what is being tried. */
  const pushes = async (branch: string) => {
    await person.does('push', `FROM=${user.folder}`, `BRANCH=${branch}`, 'YES=1')
    return person.make('watch-pipeline', `BRANCH=${branch}`)
  }

  it('runs none of its own Makefile, scripts and build specifications', async () => {
    const mark = 'THE COMMIT RAN THIS'
    for (const [path, text] of [
      ['Makefile', `%:\n\t@echo ${mark}\n`],
      ['buildspec.yml', `version: 0.2\nphases:\n  build:\n    commands: ['echo ${mark}']\n`],
      ['scripts/approval.ts', `console.log('${mark}')\n`],
      ['scripts/image.ts', `console.log('${mark}')\n`],
    ] as const)
      await user.commits(`Improve ${path}`, path, () => text)
    const since = await lastCall()
    const { code, stderr } = await pushes('main')
    assert.equal(code, 0, stderr)
    assert.match(stderr, /Production\s+skipped/)
    assert.doesNotMatch(await bakeLog('main'), new RegExp(mark))
    await asBefore(since)
  })

  it('gets nothing with the rights of its own bake, and ships no image that it did not make', async () => {
    // The same image under another id, as a person would have made it by hand.
    const planted = await copyOf(aws, first.imageId, 'acme-shop/planted')
    const madeBy = { Key: 'BuiltFor', Value: 'hand web main' }
    await aws.ec2.send(new CreateTagsCommand({ Resources: [planted], Tags: [madeBy] }))
    const all = attempts(targets)
    await plant(all, planted, '6.6.6')
    const since = await lastCall()
    const { code, stderr } = await pushes('main')
    assert.notEqual(code, 0)
    assert.match(stderr, /Verify Configure failed: /)
    assert.ok(
      stderr.includes(`${planted} is not an image of this pipeline: its tag BuiltFor is "hand web main"`),
      stderr,
    )
    await judge(all, 'main', since)
    await asBefore(since)
    assert.match((await person.does('status')).stdout, /Verify/)
  })

  it('gets nothing of the pipeline beside its own', async () => {
    const beside = {
      ...targets,
      ownBucket: targets.otherBucket,
      otherBucket: targets.ownBucket,
      otherPipeline: 'pipeline web main',
    }
    const all = attempts(beside)
    await plant(all, first.imageId, '6.6.7')
    const since = await lastCall()
    const { code, stderr } = await pushes('side')
    assert.notEqual(code, 0)
    assert.ok(
      stderr.includes(`${first.imageId} is not an image of this pipeline: its tag BuiltFor is "pipeline web main"`),
      stderr,
    )
    await judge(all, 'side', since)
    await asBefore(since)
  })
})
