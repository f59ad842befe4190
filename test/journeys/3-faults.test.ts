import assert from 'node:assert/strict'
import { ListStacksCommand } from '@aws-sdk/client-cloudformation'
import { DescribeImagesCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2'
import { after, before, describe, it } from 'mocha'
import { clients } from './support/aws.ts'
import { startRehearsal, type Rehearsal } from './support/rehearsal.ts'
import { newUser, type User } from './support/user.ts'
import { identityAt } from './support/visitor.ts'

/** Journey f: AWS on a bad day. */
describe('a riglet made on a bad day', function () {
  this.timeout(600_000)
  let rehearsal: Rehearsal
  let user: User

  before(async () => {
    rehearsal = await startRehearsal('journey-faults')
    user = await newUser('faults', rehearsal)
  })

  after(async () => {
    await rehearsal.down()
    await user.leaves()
  })

  it('is created although every fifth call is throttled and replies get lost, and nothing is made twice (B15, B18)', async () => {
    await rehearsal.fault({ kind: 'lost-reply', operation: 'CreateStack', times: 1 })
    await rehearsal.fault({ kind: 'lost-reply', operation: 'CreateChangeSet', times: 2 })
    await rehearsal.fault({ kind: 'lost-reply', operation: 'ExecuteChangeSet', times: 2 })
    await rehearsal.fault({ kind: 'throttle', every: 5 })
    await user.does('create-riglet', 'YES=1')
    const stacks = await clients(rehearsal).cloudformation.send(new ListStacksCommand({}))
    const names = (stacks.StackSummaries ?? []).map(({ StackName }) => StackName)
    assert.deepEqual(names.toSorted(), [...new Set(names)].sort())
    const journal = await rehearsal.journal()
    const struck = (fault: string): number => journal.filter((entry) => entry.fault === fault).length
    assert.ok(struck('throttle') > 5, `${struck('throttle')} calls were throttled`)
    assert.ok(struck('lost-reply') >= 3, `${struck('lost-reply')} replies were lost`)
  })

  it('bakes one image and launches one builder although the reply of RunInstances is lost (B01, B18)', async () => {
    await rehearsal.calm()
    await rehearsal.fault({ kind: 'lost-reply', operation: 'RunInstances', times: 1 })
    await rehearsal.fault({ kind: 'throttle', every: 5 })
    await user.does('push')
    await user.does('watch-pipeline')
    await rehearsal.calm()
    const { ec2 } = clients(rehearsal)
    const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }))
    assert.equal(Images.length, 1)
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}))
    const instances = Reservations.flatMap((reservation) => reservation.Instances ?? [])
    const running = instances.filter(({ State }) => State?.Name === 'running')
    assert.ok(
      running.every(({ Tags = [] }) => Tags.some(({ Key }) => Key === 'aws:autoscaling:groupName')),
      'a builder was left',
    )
    assert.equal((await identityAt(user, 'staging')).imageId, Images[0]?.ImageId)
  })

  it('reads throttling as throttling, never as absence (B15)', async () => {
    await rehearsal.fault({ kind: 'throttle', service: 'cloudformation' })
    const { code, stderr } = await user.make('status')
    await rehearsal.calm()
    assert.notEqual(code, 0)
    assert.match(stderr, /[Tt]hrottl|[Rr]ate exceeded/)
    assert.doesNotMatch(stderr, /does not exist|absent|at .*\.ts:\d/)
  })
})
