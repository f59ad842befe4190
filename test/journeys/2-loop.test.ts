import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { DescribeImagesCommand, DisableImageCommand, EnableImageCommand } from '@aws-sdk/client-ec2'
import type { Packet } from '../../scripts/core/approval/packet.ts'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { imageOf } from './support/machines.ts'
import { subnets } from './support/network.ts'
import { approveInConsole, approveShown, digestShown, toldActions } from './support/pipeline.ts'
import { startRehearsal, type Rehearsal } from '../../rehearsal/contract/support/rehearsal.ts'
import { callsFor, lastCall, setByHand, statusOf } from './support/stacks.ts'
import { newUser, setVersion, type User } from './support/user.ts'
import { identityAt, type Identity } from './support/visitor.ts'
import { stopHalfMade, failChecks, neverAnswer } from './support/loop/builds.ts'
import { type Day, vars, pipeline, productionStack } from './support/loop/day.ts'
import { changeByHand, deleteAll } from './support/loop/end.ts'
import { freeze, failToExecute, retryProduction } from './support/loop/production.ts'

/** Journeys b to e, what h says of production, and i: one riglet, one day. */
describe('a riglet from its first push to its end', function () {
  this.timeout(600_000)
  let rehearsal: Rehearsal
  let user: User
  let aws: ReturnType<typeof clients>
  let first: Identity

  const day = (): Day => ({ rehearsal, user, aws, first })

  before(async () => {
    rehearsal = await startRehearsal('journey-loop')
    user = await newUser('loop', rehearsal)
    aws = clients(rehearsal)
  })

  after(async () => {
    await rehearsal.down()
    await user.leaves()
  })

  it('is created and ships its first version to production after an approval (R44, A01, A03)', async () => {
    await user.does('create-riglet', 'YES=1')
    await user.does('push')
    const { stderr: before } = await user.does('watch-pipeline')
    const done = [
      ...['Source Source', 'Source Control', 'Bake Bake', 'Verify Verify', 'Verify Configure'],
      ...['Integration Deploy', 'Integration Smoke', 'Staging Deploy', 'Staging Smoke'],
      ...['Plan Await', 'Plan ChangeSet', 'Plan Packet', 'Production ChangeSet', 'Production Packet'],
    ].map((action) => `${action} ok`)
    assert.deepEqual(toldActions(before), [...done, 'Production Approve waits'])
    assert.equal(await statusOf(aws, productionStack), 'REVIEW_IN_PROGRESS')
    await approveShown(user)
    const { stderr: after } = await user.does('watch-pipeline')
    const rest = ['Approve', 'Guard', 'Execute', 'Smoke'].map((action) => `Production ${action} ok`)
    assert.deepEqual(toldActions(after), [...done, ...rest])
    first = await identityAt(user, 'production')
    assert.equal(first.imageId, await imageOf(aws, first.version))
  })

  it('has a network for each environment, with fixed addresses in two zones (R19)', async () => {
    const blocks = { 1: 'a', 2: 'b', 11: 'a', 12: 'b', 100: 'a', 110: 'b' }
    assert.deepEqual(await subnets(rehearsal), {
      '10.1.0.0/16': { ...blocks, 50: 'a' },
      '10.2.0.0/16': blocks,
      '10.3.0.0/16': blocks,
    })
  })

  it('says at once that nothing changes, with at most two calls, and exits 0', async () => {
    const times: number[] = []
    for (let run = 0; run < 3; run += 1) {
      const since = await lastCall(rehearsal)
      const began = performance.now()
      const { stdout } = await user.does('update-environment', 'ENV=staging', 'YES=1')
      times.push(performance.now() - began)
      assert.equal(stdout, 'acme-shop staging: in sync, nothing to change\n')
      const calls = (await rehearsal.journal(since)).filter(({ principal }) => principal.endsWith(':root'))
      assert.ok(calls.length >= 1 && calls.length <= 2, calls.map(({ operation }) => operation).join(', '))
    }
    // Below a second on a machine that does nothing else; here another journey runs beside, so three times that.
    assert.ok(Math.min(...times) < 3000, `the fastest of ${times.map((time) => time.toFixed(0)).join(', ')} ms`)
  })

  it('is in sync after its roll-out (R64)', async () => {
    const { code, stdout, stderr } = await user.make('drift')
    assert.equal(code, 0, stdout + stderr)
  })

  it('leaves nothing of a bake that is stopped when its image is half made, without anybody doing anything', () =>
    stopHalfMade(day()))

  it('stops an image at Verify when its checks fail, and leaves nothing running (G08)', () => failChecks(day()))

  it('rolls integration back when an image never answers, loses no request and names the cause (B21, A15)', () =>
    neverAnswer(day()))

  it('refuses an approval with another digest, and production stays (R45)', async () => {
    await user.commits('Version 2', vars, setVersion('2.0.0'))
    await user.does('push')
    await user.does('watch-pipeline')
    const { code, stderr } = await user.make('approve', 'DIGEST=0123456789abcdef')
    assert.notEqual(code, 0)
    assert.match(stderr, /does not name what waits/)
    assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
  })

  it('refuses an approval while the new image cannot be launched, whose packet checked all of that, and the way back (B09, B25)', async () => {
    const shown = (await user.does('show-approval', 'JSON=1')).stdout
    const { digest, packet } = JSON.parse(shown) as { digest: string; packet: Packet }
    assert.deepEqual(packet.unchecked, [])
    // Its job's role may do just that, and no more.
    const { image, checks } = packet.decisive.wayBack!
    assert.equal(image, first.imageId)
    assert.deepEqual(new Set(checks.map(({ outcome }) => outcome)), new Set(['proved']), JSON.stringify(checks))
    const { Images: kept } = await aws.ec2.send(new DescribeImagesCommand({ ImageIds: [image] }))
    assert.equal(kept![0]!.DeregistrationProtection, 'enabled-without-cooldown')
    const ImageId = packet.decisive.newImage.id
    await aws.ec2.send(new DisableImageCommand({ ImageId }))
    const { code, stderr } = await user.make('approve', `DIGEST=${digest.slice(0, 16)}`)
    await aws.ec2.send(new EnableImageCommand({ ImageId }))
    assert.notEqual(code, 0)
    assert.match(stderr, new RegExp(`the new image ${ImageId} is disabled now`))
    assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
  })

  it('refuses an approval after the stack was changed by hand, and names what moved', async () => {
    const digest = await digestShown(user)
    await setByHand(aws, productionStack, 'MaxSize', '5')
    const { code, stderr } = await user.make('approve', `DIGEST=${digest}`)
    assert.notEqual(code, 0)
    assert.match(stderr, /the stack is deployed with MaxSize 5, not/)
    assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
  })

  it('executes nothing when it is approved in the console all the same: its guard names what moved (B04)', async () => {
    const since = await lastCall(rehearsal)
    const seen = await digestShown(user)
    await approveInConsole(aws, pipeline, `Looks good: ${seen}`)
    const { code, stderr } = await user.make('watch-pipeline')
    assert.notEqual(code, 0)
    assert.match(stderr, /Production Guard failed: /)
    assert.match(stderr, /the stack is deployed with MaxSize 5, not/)
    assert.deepEqual(toldActions(stderr).slice(-2), ['Production Approve ok', 'Production Guard FAILED'])
    assert.equal(await callsFor(rehearsal, 'ExecuteChangeSet', productionStack, since), 0)
    assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
  })

  it('plans anew when it is tried again, shows that its way back is lost, and keeps the reason of a refusal (B09)', async () => {
    const since = await lastCall(rehearsal)
    const ImageId = first.imageId
    await aws.ec2.send(new DisableImageCommand({ ImageId }))
    await user.does('retry-pipeline')
    await user.does('watch-pipeline')
    assert.equal(await callsFor(rehearsal, 'CreateChangeSet', productionStack, since), 1)
    const { stdout } = await user.does('show-approval')
    await aws.ec2.send(new EnableImageCommand({ ImageId }))
    assert.match(stdout, new RegExp(`^ {2}WAY BACK +FAILS: is there: its image ${ImageId} is disabled$`, 'm'))
    await user.does('reject', 'REASON=too late on a Friday')
    const { code, stderr } = await user.make('watch-pipeline')
    assert.notEqual(code, 0)
    assert.match(stderr, /too late on a Friday/)
    assert.equal(await callsFor(rehearsal, 'ExecuteChangeSet', productionStack, since), 0)
    assert.equal((await identityAt(user, 'production')).imageId, first.imageId)
  })

  it('lets nothing through in a freeze, also what is approved in the console, and tells so', () => freeze(day()))

  it('brings production’s old image back when its execution fails, and says why', () => failToExecute(day()))

  it('retries a failed production execution: it is planned, shown and asked anew, and ships', () =>
    retryProduction(day()))

  it('names a security group opened by hand and an instance of another image, and exits 2 (R64)', () =>
    changeByHand(day()))

  it('is deleted without a trace in every region, and nothing else is touched (R14)', () => deleteAll(day()))
})
