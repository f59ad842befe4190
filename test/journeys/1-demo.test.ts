import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2'
import { after, before, describe, it } from 'mocha'
import type { DemoReport } from '../../demo/report.ts'
import { folderOf } from '../../demo/source.ts'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { ownName } from '../../rehearsal/contract/support/own-name.ts'
import { kindsOf, kindsOfTraces, tracesOf } from '../../rehearsal/contract/support/traces.ts'
import { openRehearsal, type Rehearsal } from '../../rehearsal/contract/support/rehearsal.ts'
import { lookBack, putForward, recoverStaging, takeBack, type Shipped } from './support/back.ts'
import { imageOf } from './support/machines.ts'
import { asUser, checkout, type User } from './support/user.ts'
import { identityAt } from './support/visitor.ts'

const run = promisify(execFile)
const name = ownName('journey-demo')

/** Journey a: what a newcomer sees who types `make demo`, and goes on by hand. */
describe('the demo, without a terminal', function () {
  this.timeout(900_000)
  let output = ''
  let report: DemoReport
  let rehearsal: Rehearsal
  let user: User

  before(async () => {
    const child = spawn('make', ['-s', 'demo', `REHEARSAL=${name}`], {
      cwd: checkout,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const code = await new Promise((done) => child.on('close', done))
    assert.equal(code, 0, output.slice(-6000))
    report = JSON.parse(await readFile(join(checkout, folderOf(name), 'report.json'), 'utf8')) as DemoReport
    const env = Object.fromEntries(
      [...output.matchAll(/^\s*export (\w+)=(.*)$/gm)].map(([, key, value]) => [key!, value!]),
    )
    rehearsal = openRehearsal(name, env)
    user = asUser(join(checkout, folderOf(name), 'source'), rehearsal, { owner: 'demo', project: 'shop' })
  })

  after(async () => {
    await run('make', ['-s', 'demo-down', `REHEARSAL=${name}`], { cwd: checkout })
  })

  const shipped = async (): Promise<Shipped> => {
    const aws = clients(rehearsal)
    return { user, aws, first: await imageOf(aws, '1.0.0'), second: report.desired.image }
  }

  it('loses no request while production rolls from version 1 to 2 (B21, A15, R55)', () => {
    assert.deepEqual(report.tally.lost, [])
    assert.ok(report.tally.sent > 100, `only ${report.tally.sent} requests were sent`)
    assert.ok((report.tally.versions['1.0.0'] ?? 0) > 0)
    assert.ok((report.tally.versions['2.0.0'] ?? 0) > 0)
  })

  it('ends with production on version 2 and the approved image (R45, A17)', async () => {
    const identity = await identityAt(user, 'production')
    assert.equal(identity.version, '2.0.0')
    assert.equal(identity.imageId, report.desired.image)
  })

  it('passes one image through all environments (R47, A16)', async () => {
    for (const environment of ['integration', 'staging'])
      assert.equal((await identityAt(user, environment)).imageId, report.desired.image)
  })

  it('shows one packet before it approves: both images, what changes, and the digest that it approves by', () => {
    const start = output.indexOf('\ndemo-shop-production-app-web-main: update\n')
    const [, packet = '', digest = ''] = /^([^]*?)\n {2}digest +([0-9a-f]{16})\n/.exec(output.slice(start)) ?? []
    assert.match(
      packet,
      /\n {2}image {7}ami-[0-9a-f]+ {2}version 1\.0\.0 {2}commit [0-9a-f]{7}\n +-> (ami-[0-9a-f]+) {2}version 2\.0\.0 {2}/,
    )
    assert.ok(packet.includes(`-> ${report.desired.image} `), packet)
    assert.match(packet, /\n {2}~ Group +auto scaling group {2}rolls its instances\n/)
    assert.doesNotMatch(packet, /\$ make/)
    assert.ok(output.indexOf(`\n$ make approve DIGEST=${digest}\n`) > start, `${digest} was not approved after it`)
  })

  it('prints requests sent and lost, the status and the URL', () => {
    assert.match(output, /requests sent\s+\d+/)
    assert.match(output, /requests lost\s+0\b/)
    assert.match(output, /Production answers at http:/)
    assert.match(output, /in sync/)
  })

  it('tells the commit of what runs from the instance’s image alone (A04, A17)', async () => {
    const status = JSON.parse((await user.does('status', 'JSON=1')).stdout) as {
      environments: { name: string; apps: { image: { id: string; commit: string } }[] }[]
    }
    const { stdout } = await run('git', ['rev-parse', 'HEAD'], { cwd: user.folder })
    assert.deepEqual(status.environments.map(({ name }) => name).sort(), ['integration', 'production', 'staging'])
    for (const { apps } of status.environments) assert.equal(apps[0]?.image.commit, stdout.trim())
  })

  it('can be gone on with: production is taken back for a reason, shown and asked, and loses no request (B23)', async () =>
    takeBack(await shipped()))

  it('is in no drift then, and says on every screen what was done and why', async () => lookBack(await shipped()))

  it('does not put the newer image back without saying so to who approves', async () => putForward(await shipped()))

  it('leaves no builder behind', async () => {
    const { Reservations = [] } = await clients(rehearsal).ec2.send(
      new DescribeInstancesCommand({ Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running'] }] }),
    )
    const instances = Reservations.flatMap((reservation) => reservation.Instances ?? [])
    const orphaned = instances.filter(({ Tags = [] }) => !Tags.some(({ Key }) => Key === 'aws:autoscaling:groupName'))
    assert.deepEqual(
      orphaned.map(({ InstanceId }) => InstanceId),
      [],
    )
  })

  it('gets an environment out of a deletion that failed, and no stack that needs nothing (R15, B23)', async () =>
    recoverStaging(await shipped()))

  it('leaves no process, mount, namespace, link, nft table or disk after demo-down', async () => {
    assert.deepEqual(kindsOf(await tracesOf(name)), kindsOfTraces)
    await run('make', ['-s', 'demo-down', `REHEARSAL=${name}`], { cwd: checkout })
    assert.deepEqual(await tracesOf(name), [])
  })
})
