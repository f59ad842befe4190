import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation'
import { CreateTagsCommand } from '@aws-sdk/client-ec2'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { after, before, describe, it } from 'mocha'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { startRehearsal, type Rehearsal } from '../../rehearsal/contract/support/rehearsal.ts'
import type { Packet } from '../../scripts/core/approval/packet.ts'
import { attackScript, attempts, gaveWay, type Attempt, type Targets } from './support/attack.ts'
import { deployAs, outsiders, readWith, swapChangeSet, type MachineKeys } from './support/intruder.ts'
import { copyOf, launchTemplateOf } from './support/machines.ts'
import { subnetOf } from './support/network.ts'
import { approveShown, logOf, stageEnds } from './support/pipeline.ts'
import { callsFor, lastCall, outputOf, statusOf } from './support/stacks.ts'
import { newUser, setVersion, type Ended, type User } from './support/user.ts'
import { identityAt, urlOf, type Identity } from './support/visitor.ts'

const run = promisify(execFile)
const vars = 'packer/web/web.pkrvars.hcl'
const integration = 'acme-shop-integration-app-web-main'
const pipeline = 'acme-shop-pipeline-web-main'
const production = 'acme-shop-production-app-web-main'
const [own, secret] = ['/acme/shop/integration/web-main/own', '/acme/shop/production/web-main/secret']
const kept = { [own]: 'known', [secret]: 'hidden' }

/** What somebody could try who may push, and nothing else: docs/security.md. */
describe('a pushed commit that wants more than its image (B22)', function () {
  this.timeout(900_000)
  let rehearsal: Rehearsal
  /** Who pushes, and who released what the pipelines run. */
  let [user, person] = [{} as User, {} as User]
  let aws: ReturnType<typeof clients>
  let first: Identity
  let targets: Targets

  const deployRole = (environment: string): string =>
    `arn:aws:iam::${targets.account}:role/acme-shop/acme-shop-${environment}-deploy-us-east-1`

  /** A commit whose image runs a script with the job's own rights before anything else. */
  const plant = async (all: readonly Attempt[], exports: Readonly<Record<string, string>>, version: string) => {
    await adds('packer/web/attack.sh', attackScript(all, exports))
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
  const adds = async (path: string, text: string): Promise<void> => {
    await writeFile(join(user.folder, path), text)
    await run('git', ['add', path], { cwd: user.folder })
  }

  const judge = async (all: readonly Attempt[], branch: string, since: number): Promise<void> => {
    const log = await logOf(aws, branch, 'bake')
    const calls = (await rehearsal.journal(since)).filter(({ principal }) => /-BakeRole-/.test(principal))
    const gone = gaveWay(all, log, calls)
    assert.deepEqual(gone, [], `These gave way:\n${gone.join('\n')}\n\n${log.slice(-6000)}`)
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
    await approveShown(person)
    await person.does('watch-pipeline')
    first = await identityAt(person, 'production')
    await person.does('create-pipeline', 'BRANCH=side', 'YES=1')
    for (const [Name, Value] of Object.entries(kept))
      await aws.ssm.send(new PutParameterCommand({ Name, Value, Type: 'String' }))
    const { Account = '' } = await aws.sts.send(new GetCallerIdentityCommand({}))
    targets = {
      account: Account,
      shared: await outputOf(aws, 'acme-shop-artifacts', 'ArtifactBucket'),
      ownBucket: await outputOf(aws, 'acme-shop-jobs-web-main', 'ArtifactBucket'),
      otherBucket: await outputOf(aws, 'acme-shop-jobs-web-side', 'ArtifactBucket'),
      ownPipeline: 'pipeline web main',
      otherPipeline: 'pipeline web side',
      productionInstance: first.instanceId,
      productionSubnet: await subnetOf(aws, '10.3.11.0/24'),
      buildSubnet: await subnetOf(aws, '10.1.50.0/24'),
      buildGroup: await outputOf(aws, 'acme-shop-integration-foundation', 'BuildSecurityGroup'),
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

  // Its image is sound: what it brings beside that reaches integration.
  let [pushed, ended] = [0, {} as Ended]
  const lie = 'f'.repeat(40)

  it('runs none of its own Makefile, scripts, templates and build specifications', async () => {
    const mark = 'THE COMMIT RAN THIS'
    for (const [path, text] of [
      ['Makefile', `%:\n\t@echo ${mark}\n`],
      ['buildspec.yml', `version: 0.2\nphases:\n  build:\n    commands: ['echo ${mark}']\n`],
      ['scripts/riglet.ts', `console.log('${mark}')\n`],
      ['scripts/main.ts', `console.log('${mark}')\n`],
    ] as const)
      await user.commits(`Improve ${path}`, path, () => text)
    const topic = '\nResources:\n  Planted:\n    Type: AWS::SNS::Topic\n'
    await user.commits('Tell more', 'cloudformation/app-image.yaml', (text) => text.replace('\nResources:\n', topic))
    await adds('source.json', JSON.stringify({ commit: lie, author: 'Nobody' }))
    // Its machines hand their credentials to whoever asks.
    await user.commits('Say more', 'packer/web/files/riglet-identity', (text) =>
      text.replace(
        '# Last: ',
        'role=$(ask iam/security-credentials/ || true)\nask "iam/security-credentials/$role" > "$www/keys.json" || true\n# Last: ',
      ),
    )
    const stacks = { RECOVER_INTEGRATION: production, RECOVER_STAGING: production }
    await plant([], { RECOVER: 'yes', ...stacks }, '6.6.5')
    pushed = await lastCall(rehearsal)
    ended = await pushes('main')
    const { code, stderr } = ended
    assert.equal(code, 0, stderr)
    assert.match(stderr, /Production Approve\s+waits/)
    assert.doesNotMatch(await logOf(aws, 'main', 'bake'), new RegExp(mark))
    const { TemplateBody } = await aws.cloudformation.send(new GetTemplateCommand({ StackName: integration }))
    assert.doesNotMatch(TemplateBody!, /Planted/)
    await asBefore(pushed)
  })

  it('has no stack deleted that it names', async () => {
    assert.match(ended.stderr, /Recover\s+skipped/)
    assert.equal(await callsFor(rehearsal, 'DeleteStack', production, pushed), 0)
  })

  it('is shown as the commit that it is, whatever it says', async () => {
    const { stdout: head } = await run('git', ['rev-parse', 'HEAD'], { cwd: user.folder })
    const shown = (await person.does('show-approval', 'JSON=1')).stdout
    const { packet } = JSON.parse(shown) as { packet: Packet }
    assert.deepEqual([packet.source?.commit, packet.source?.author], [head.trim(), 'Journey'])
    assert.ok(!shown.includes(lie))
  })

  it('has machines that read no settings but their own', async () => {
    const answer = await fetch(`${await urlOf(person, 'integration')}/keys.json`)
    const keys = (await answer.json()) as MachineKeys
    assert.equal(await readWith(keys, rehearsal, own), 'known')
    assert.equal(await readWith(keys, rehearsal, secret), 'AccessDeniedException')
  })

  it("ends at its environment's wall, whatever a template says", async () => {
    const desired = outsiders({
      listener: await outputOf(aws, 'acme-shop-production-foundation', 'ListenerArn'),
      subnet: targets.productionSubnet,
      template: await launchTemplateOf(aws, integration),
    })
    const ends = await Promise.all(
      Object.entries(desired).map(([name, resource]) =>
        deployAs(aws, deployRole('integration'), `acme-shop-integration-planted-${name}`, resource),
      ),
    )
    const gone = /^ROLLBACK_COMPLETE: .*(?:AccessDenied|UnauthorizedOperation|not authorized)/
    assert.deepEqual(
      ends.filter((end) => !gone.test(end)),
      [],
    )
  })

  it('gets nothing with the rights of its own bake, and ships no image that it did not make', async () => {
    // The same image under another id, as a person would have made it by hand.
    const planted = await copyOf(aws, first.imageId, 'acme-shop/planted')
    const madeBy = { Key: 'BuiltFor', Value: 'hand web main' }
    await aws.ec2.send(new CreateTagsCommand({ Resources: [planted], Tags: [madeBy] }))
    const all = attempts(targets)
    await plant(all, { IMAGE_ID: planted }, '6.6.6')
    const since = await lastCall(rehearsal)
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
      ownPipeline: targets.otherPipeline,
      otherPipeline: targets.ownPipeline,
    }
    const all = attempts(beside)
    await plant(all, { IMAGE_ID: first.imageId }, '6.6.7')
    const since = await lastCall(rehearsal)
    const { code, stderr } = await pushes('side')
    assert.notEqual(code, 0)
    assert.ok(
      stderr.includes(`${first.imageId} is not an image of this pipeline: its tag BuiltFor is "pipeline web main"`),
      stderr,
    )
    await judge(all, 'side', since)
    await asBefore(since)
  })

  it('cannot have another change set take the place of the approved one unseen', async () => {
    const principal = 'acme-shop-pipeline-web-main-PipelineRole'
    // The action looks up the change set by its name, and executes what it found.
    await rehearsal.fault({ kind: 'latency', operation: 'DescribeChangeSet', principal, seconds: 20, times: 1 })
    await approveShown(person)
    const instead = { role: deployRole('production'), parameter: 'MaxSize', value: '9' }
    await swapChangeSet(aws, pipeline, production, instead)
    // Newer executions have begun and failed since: `make watch-pipeline` monitors those.
    await stageEnds(aws, pipeline, 'Production')
    assert.match(await logOf(aws, 'main', 'smoke'), /was changed by another change set than the one that was approved/)
    assert.match((await person.does('status')).stdout, /Production failed, of [0-9a-f]{8} before/)
  })
})
