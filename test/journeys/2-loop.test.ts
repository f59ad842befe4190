import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { ListBuildsForProjectCommand, StopBuildCommand } from '@aws-sdk/client-codebuild'
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2'
import { DescribeStacksCommand, UpdateStackCommand, waitUntilStackUpdateComplete } from '@aws-sdk/client-cloudformation'
import type { Visitor } from '../../scripts/core/demo/traffic.ts'
import { clients } from './support/aws.ts'
import { until } from './support/until.ts'
import { startRehearsal, type Rehearsal } from './support/rehearsal.ts'
import { newUser, setVersion, type User } from './support/user.ts'
import { identityAt, visit, type Identity } from './support/visitor.ts'

const vars = 'packer/web/web.pkrvars.hcl'
const bake = 'acme-shop-pipeline-web-main-bake'
const productionStack = 'acme-shop-production-app-web-main'

/** Journeys b to e and i: one riglet, one day. */
describe('a riglet from its first push to its end', function () {
  this.timeout(600_000)
  let rehearsal: Rehearsal
  let user: User
  let aws: ReturnType<typeof clients>
  let first: Identity

  const digestShown = async (): Promise<string> =>
    (JSON.parse((await user.does('show-approval', 'JSON=1')).stdout) as { digest: string }).digest.slice(0, 16)

  const builders = async (): Promise<string[]> => {
    const { Reservations = [] } = await aws.ec2.send(
      new DescribeInstancesCommand({
        Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running', 'stopped'] }],
      }),
    )
    return Reservations.flatMap((reservation) => reservation.Instances ?? [])
      .filter(({ Tags = [] }) => !Tags.some(({ Key }) => Key === 'aws:autoscaling:groupName'))
      .map(({ InstanceId = '' }) => InstanceId)
  }

  const keys = async (): Promise<string[]> =>
    ((await aws.ec2.send(new DescribeKeyPairsCommand({}))).KeyPairs ?? []).map(({ KeyName = '' }) => KeyName)

  const halfMade = async (): Promise<string[]> =>
    ((await aws.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }))).Images ?? [])
      .filter(({ Tags = [] }) => !Tags.some(({ Key }) => Key === 'Inputs'))
      .map(({ ImageId = '' }) => ImageId)

  before(async () => {
    rehearsal = await startRehearsal('journey-loop')
    user = await newUser('loop', rehearsal)
    aws = clients(rehearsal)
  })

  after(async () => {
    await rehearsal.down()
    await user.leaves()
  })

  it('is created and ships its first version to production after an approval (R06, R19, R44, A01, A03)', async () => {
    await user.does('create-riglet', 'YES=1')
    await user.does('push')
    const watched = await user.does('watch-pipeline')
    assert.match(watched.stderr, /waits for (?:your )?approval/)
    await user.does('approve', `DIGEST=${await digestShown()}`)
    await user.does('watch-pipeline')
    first = await identityAt(user, 'production')
    assert.match(first.imageId, /^ami-/)
  })

  it('says that nothing changes with at most two calls and exits 0', async () => {
    const before = (await rehearsal.journal()).at(-1)!.number
    const began = Date.now()
    const { stderr, stdout } = await user.does('update-environment', 'ENV=staging', 'YES=1')
    assert.match(stdout + stderr, /in sync|nothing|unchanged/i)
    const calls = (await rehearsal.journal(before)).filter(({ principal }) => principal.endsWith(':root'))
    assert.ok(calls.length <= 2, calls.map(({ operation }) => operation).join(', '))
    assert.ok(Date.now() - began < 10_000)
  })

  it('is in sync after its roll-out (R64)', async () => {
    const { code, stdout, stderr } = await user.make('drift')
    assert.equal(code, 0, stdout + stderr)
  })

  it('leaves nothing of a bake that is stopped when its image is half made, without anybody doing anything', async () => {
    await user.commits('Raise the version', vars, setVersion('1.0.1'))
    // Packer tags its image last of all; so it never comes to that.
    await rehearsal.fault({ kind: 'throttle', operation: 'CreateTags' })
    await user.does('push')
    const [half] = await until(halfMade, (found) => found.length === 1)
    assert.equal((await keys()).length, 1)
    const { ids: [id = ''] = [] } = await aws.codebuild.send(new ListBuildsForProjectCommand({ projectName: bake }))
    await aws.codebuild.send(new StopBuildCommand({ id }))
    await rehearsal.calm()
    await until(
      async () => [...(await builders()), ...(await keys()), ...(await halfMade())],
      (left) => left.length === 0,
    )
    const snapshots = await aws.ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }))
    assert.equal(snapshots.Snapshots?.length, 1, `the first version's alone, and nothing of ${half}`)
    assert.notEqual((await user.make('watch-pipeline')).code, 0)
    assert.equal((await identityAt(user, 'integration')).imageId, first.imageId)
  })

  it('stops an image at Verify when its checks fail, and leaves nothing running (G08)', async () => {
    await user.commits(
      'Forget to start nginx',
      'packer/web/provision/99-clean.sh',
      (text) => `${text}\nsystemctl disable nginx.service\n`,
    )
    await user.commits('Raise the version', vars, setVersion('1.1.0'))
    await user.does('push')
    const { code, stderr } = await user.make('watch-pipeline')
    assert.notEqual(code, 0)
    assert.match(stderr, /Verify/)
    assert.match(stderr, /nginx/)
    assert.deepEqual(await builders(), [])
    assert.equal((await identityAt(user, 'integration')).imageId, first.imageId)
    await user.commits('Start nginx again', 'packer/web/provision/99-clean.sh', (text) =>
      text.replace('\nsystemctl disable nginx.service\n', ''),
    )
  })

  it('rolls integration back when health checks fail, loses no request and names the cause (B21, A15)', async () => {
    await user.commits('Listen on loopback only', 'packer/web/files/nginx.conf', (text) =>
      text.replace('listen 80 default_server', 'listen 127.0.0.1:80 default_server'),
    )
    await user.commits('Raise the version again', vars, setVersion('1.2.0'))
    const visitor: Visitor = await visit(user, 'integration')
    await user.does('push')
    const { code, stderr } = await user.make('watch-pipeline')
    const { sent, lost } = await visitor.stop()
    assert.notEqual(code, 0, stderr)
    assert.match(stderr, /Integration/)
    assert.match(stderr, /AutoScalingGroup|Group|refresh|alarm|healthy/i)
    assert.deepEqual(lost, [])
    assert.ok(sent > 50)
    assert.equal((await identityAt(user, 'integration')).imageId, first.imageId)
    assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
    await user.commits('Listen to all again', 'packer/web/files/nginx.conf', (text) =>
      text.replace('listen 127.0.0.1:80 default_server', 'listen 80 default_server'),
    )
  })

  it('refuses an approval with another digest, and production stays (B04, R45)', async () => {
    await user.commits('Version 2', vars, setVersion('2.0.0'))
    await user.does('push')
    await user.does('watch-pipeline')
    const { code, stderr } = await user.make('approve', 'DIGEST=0123456789abcdef')
    assert.notEqual(code, 0)
    assert.match(stderr, /does not name what waits/)
    assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
  })

  it('refuses an approval after the stack was changed by hand, and names what moved (B04)', async () => {
    const digest = await digestShown()
    const { Stacks: [stack] = [] } = await aws.cloudformation.send(
      new DescribeStacksCommand({ StackName: productionStack }),
    )
    const Parameters = (stack?.Parameters ?? []).map(({ ParameterKey }) =>
      ParameterKey === 'MaxSize'
        ? { ParameterKey, ParameterValue: '5' }
        : { ParameterKey: ParameterKey!, UsePreviousValue: true },
    )
    const order = {
      StackName: productionStack,
      UsePreviousTemplate: true,
      Parameters,
      Capabilities: ['CAPABILITY_IAM' as const, 'CAPABILITY_NAMED_IAM' as const],
    }
    await aws.cloudformation.send(new UpdateStackCommand(order))
    await waitUntilStackUpdateComplete(
      { client: aws.cloudformation, maxWaitTime: 120, minDelay: 1, maxDelay: 1 },
      { StackName: productionStack },
    )
    const { code, stderr } = await user.make('approve', `DIGEST=${digest}`)
    assert.notEqual(code, 0)
    assert.match(stderr, /MaxSize 5, not/)
    assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
  })

  it('rejects with a reason that the pipeline keeps, and production stays (R46)', async () => {
    await user.does('reject', 'REASON=too late on a Friday')
    const { code, stderr } = await user.make('watch-pipeline')
    assert.notEqual(code, 0)
    assert.match(stderr, /too late on a Friday/)
    assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
  })

  it('plans and asks anew when production is retried, and ships (R46)', async () => {
    await user.does('retry-pipeline')
    await user.does('watch-pipeline')
    await user.does('approve', `DIGEST=${await digestShown()}`)
    await user.does('watch-pipeline')
    assert.equal((await identityAt(user, 'production')).version, '2.0.0')
  })

  it('names a security group opened by hand and an instance of another image, and exits 2 (R64)', async () => {
    const { SecurityGroups = [] } = await aws.ec2.send(
      new DescribeSecurityGroupsCommand({
        Filters: [{ Name: 'tag:aws:cloudformation:stack-name', Values: ['acme-shop-staging-*'] }],
      }),
    )
    const GroupId = SecurityGroups[0]?.GroupId
    const opened = {
      GroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }
    await aws.ec2.send(new AuthorizeSecurityGroupIngressCommand(opened))
    const { Subnets = [] } = await aws.ec2.send(
      new DescribeSubnetsCommand({
        Filters: [{ Name: 'tag:aws:cloudformation:stack-name', Values: ['acme-shop-staging-foundation'] }],
      }),
    )
    const { Instances = [] } = await aws.ec2.send(
      new RunInstancesCommand({
        ImageId: first.imageId,
        InstanceType: 't3.small',
        MinCount: 1,
        MaxCount: 1,
        SubnetId: Subnets[0]?.SubnetId,
      }),
    )
    const stray = Instances[0]?.InstanceId ?? ''
    const { code, stdout } = await user.make('drift', 'ENV=staging')
    assert.equal(code, 2, stdout)
    assert.match(stdout, new RegExp(GroupId!))
    assert.match(stdout, new RegExp(stray))
    assert.match(stdout, new RegExp(first.imageId))
    const data = JSON.parse((await user.make('drift', 'ENV=staging', 'JSON=1')).stdout) as {
      findings: { type: string }[]
    }
    assert.ok(data.findings.every(({ type }) => type === 'drifted'))
    await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [stray] }))
    await aws.ec2.send(new RevokeSecurityGroupIngressCommand(opened))
  })

  it('is deleted without a trace, and nothing else is touched (R14, R16)', async () => {
    const { makeStranger, inventory } = await import('./support/inventory.ts')
    await makeStranger(aws)
    const refused = await user.make('delete-riglet', 'RIGLET=acme-blog')
    assert.notEqual(refused.code, 0)
    await user.does('delete-riglet', 'RIGLET=acme-shop')
    assert.deepEqual(await inventory(rehearsal), {
      own: [],
      strange: ['bucket stranger-bucket', 'parameter /stranger/one', 'role stranger', 'stack stranger'],
    })
  })
})
