import assert from 'node:assert/strict'
import { ListStacksCommand } from '@aws-sdk/client-cloudformation'
import { DescribeImagesCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2'
import { after, before, describe, it } from 'mocha'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { networks, threeNetworks } from './support/network.ts'
import { rolledBack } from './support/pipeline.ts'
import { startRehearsal, type Rehearsal } from '../../rehearsal/contract/support/rehearsal.ts'
import { callsFor } from './support/stacks.ts'
import { newUser, setVersion, type User } from './support/user.ts'
import { identityAt } from './support/visitor.ts'

const environments = ['integration', 'production', 'staging']
const pipeline = 'acme-shop-pipeline-web-main'
const ground = [
  'acme-shop-artifacts',
  ...environments.map((environment) => `acme-shop-${environment}-foundation`),
  'acme-shop-jobs-web-main',
  pipeline,
]
const production = 'acme-shop-production-app-web-main'
const apps = environments.map((environment) => `acme-shop-${environment}-app-web-main`)

/** Journey f: AWS on a bad day. */
describe('a riglet made on a bad day', function () {
  this.timeout(600_000)
  let rehearsal: Rehearsal
  let user: User
  let last = 0

  before(async () => {
    rehearsal = await startRehearsal('journey-faults')
    user = await newUser('faults', rehearsal)
  })

  after(async () => {
    await rehearsal.down()
    await user.leaves()
  })

  /** Which replies were lost since the last time that it was asked, and how many calls were throttled. */
  const struck = async (): Promise<{ lost: readonly string[]; throttled: number }> => {
    const journal = await rehearsal.journal(last)
    last = journal.at(-1)?.number ?? last
    const by = (fault: string): readonly string[] =>
      journal.filter((entry) => entry.fault === fault).map(({ operation }) => operation)
    return { lost: by('lost-reply').toSorted(), throttled: by('throttle').length }
  }

  /** Every stack that there ever was, by name, with its state: one made twice shows twice. */
  const stacks = async (): Promise<readonly string[]> => {
    const { StackSummaries = [] } = await clients(rehearsal).cloudformation.send(new ListStacksCommand({}))
    return StackSummaries.map(({ StackName, StackStatus }) => `${StackName} ${StackStatus}`).sort()
  }
  const created = (names: readonly string[]): readonly string[] => names.map((name) => `${name} CREATE_COMPLETE`).sort()

  it('is created although every fifth call is throttled and replies get lost, and nothing is made twice', async () => {
    await rehearsal.fault({ kind: 'lost-reply', operation: 'CreateChangeSet', times: 2 })
    await rehearsal.fault({ kind: 'lost-reply', operation: 'ExecuteChangeSet', times: 2 })
    await rehearsal.fault({ kind: 'throttle', every: 5 })
    await user.does('create-riglet', 'YES=1')
    await rehearsal.calm()
    const { lost, throttled } = await struck()
    assert.deepEqual(lost, ['CreateChangeSet', 'CreateChangeSet', 'ExecuteChangeSet', 'ExecuteChangeSet'])
    assert.ok(throttled > 20, `${throttled} calls were throttled`)
    assert.deepEqual(await stacks(), created(ground))
    assert.deepEqual(await networks(rehearsal), threeNetworks)
  })

  it('bakes one image on one builder, verifies it on one more and deploys it once, through the same', async () => {
    // The reply of each builder's launch, and that of the first app's stack: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
    for (const principal of ['BakeRole', 'VerifyRole'])
      await rehearsal.fault({ kind: 'lost-reply', operation: 'RunInstances', principal, times: 1 })
    await rehearsal.fault({ kind: 'lost-reply', operation: 'CreateStack', times: 1 })
    await rehearsal.fault({ kind: 'throttle', every: 5 })
    await user.does('push')
    await user.does('watch-pipeline')
    await rehearsal.calm()
    const { lost, throttled } = await struck()
    assert.deepEqual(lost, ['CreateStack', 'RunInstances', 'RunInstances'])
    assert.ok(throttled > 20, `${throttled} calls were throttled`)

    const { ec2 } = clients(rehearsal)
    const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }))
    assert.equal(Images.length, 1)
    // Terminated ones still show for an hour: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}))
    const builders = Reservations.flatMap(({ Instances = [] }) => Instances).flatMap(({ Tags = [], State }) => {
      const of = (key: string): string | undefined => Tags.find(({ Key }) => Key === key)?.Value
      return of('aws:autoscaling:groupName') === undefined ? [`${of('Builder')} ${State?.Name}`] : []
    })
    assert.deepEqual(builders.sort(), ['bake terminated', 'verify terminated'])
    assert.equal((await identityAt(user, 'integration')).imageId, Images[0]?.ImageId)
    assert.equal((await identityAt(user, 'staging')).imageId, Images[0]?.ImageId)
  })

  it('goes on to production with what was approved, and is in sync, under the same throttling', async () => {
    await rehearsal.fault({ kind: 'lost-reply', operation: 'ExecuteChangeSet', times: 1 })
    await rehearsal.fault({ kind: 'throttle', every: 5 })
    const { digest } = JSON.parse((await user.does('show-approval', 'JSON=1')).stdout) as { digest: string }
    await user.does('approve', `DIGEST=${digest.slice(0, 16)}`)
    await user.does('watch-pipeline')
    await user.does('drift')
    await rehearsal.calm()
    const { lost, throttled } = await struck()
    assert.deepEqual(lost, ['ExecuteChangeSet'])
    assert.ok(throttled > 20, `${throttled} calls were throttled`)
    assert.equal((await identityAt(user, 'production')).imageId, (await identityAt(user, 'staging')).imageId)
    assert.deepEqual(await stacks(), created([...ground, ...apps]))
    assert.deepEqual(await networks(rehearsal), threeNetworks)
  })

  it('reads throttling as throttling, never as absence (B15)', async () => {
    await rehearsal.fault({ kind: 'throttle', service: 'cloudformation' })
    const { code, stderr } = await user.make('status')
    await rehearsal.calm()
    assert.notEqual(code, 0)
    assert.match(stderr, /[Tt]hrottl|[Rr]ate exceeded/)
    assert.doesNotMatch(stderr, /does not exist|absent|at .*\.ts:\d/)
  })

  it('asks nobody when production’s change set is empty', async () => {
    const since = (await rehearsal.journal()).at(-1)!.number
    await user.commits('A word in the README', 'README.md', (text) => `${text}\n`)
    await user.does('push')
    const { stderr } = await user.does('watch-pipeline')
    assert.doesNotMatch(stderr, /waits for/)
    assert.match(stderr, /Production\s+skipped/)
    assert.equal(await callsFor(rehearsal, 'ExecuteChangeSet', production, since), 0)
  })

  it('brings the old image back when integration’s smoke test fails', async () => {
    const before = await identityAt(user, 'integration')
    await user.commits('Tell a wrong image', 'packer/web/files/riglet-identity', (text) =>
      text.replace('"imageId": "$image_id"', '"imageId": "ami-00000000000000000"'),
    )
    await user.commits('Raise the version', 'packer/web/web.pkrvars.hcl', setVersion('3.0.0'))
    await user.does('push')
    const { code, stderr } = await user.make('watch-pipeline')
    assert.notEqual(code, 0)
    assert.match(stderr, /Integration Smoke/)
    assert.match(stderr, /ami-00000000000000000/)
    assert.equal(await rolledBack(clients(rehearsal), pipeline), 'Succeeded')
    assert.equal((await identityAt(user, 'integration')).imageId, before.imageId)
    assert.equal((await identityAt(user, 'production')).imageId, before.imageId)
  })
})
