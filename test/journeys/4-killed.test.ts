import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { DescribeStacksCommand, ListChangeSetsCommand } from '@aws-sdk/client-cloudformation'
import { after, before, describe, it } from 'mocha'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { networks, threeNetworks } from './support/network.ts'
import { startRehearsal, type Rehearsal } from '../../rehearsal/contract/support/rehearsal.ts'
import { newUser, type User } from './support/user.ts'

type Statuses = Readonly<Record<string, string>>

const ended = (child: ChildProcess): Promise<void> => new Promise((done) => child.on('close', () => done()))
const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))

const pipeline = 'acme-shop-pipeline-web-main'
const staging = 'acme-shop-staging-foundation'
const ground = [
  'acme-shop-artifacts',
  'acme-shop-integration-foundation',
  'acme-shop-jobs-web-main',
  pipeline,
  'acme-shop-production-foundation',
  staging,
]
const all = (status: string): Statuses => Object.fromEntries(ground.map((name) => [name, status]))

/** Journey g: kill -9 at an inconvenient time. */
describe('a script killed in the middle', function () {
  this.timeout(300_000)
  let rehearsal: Rehearsal
  let user: User

  const statuses = async (): Promise<Statuses> => {
    const { Stacks = [] } = await clients(rehearsal).cloudformation.send(new DescribeStacksCommand({}))
    return Object.fromEntries(Stacks.map(({ StackName = '', StackStatus = '' }) => [StackName, StackStatus]))
  }

  /** Lets a target run until `ripe` says so, then kills it and all its children; it tells what there was then. */
  const killWhen = async (ripe: (statuses: Statuses) => boolean, ...words: string[]): Promise<Statuses> => {
    const child = user.begins(...words)
    const gone = ended(child)
    let found = await statuses()
    for (let tries = 0; tries < 600 && child.exitCode === null && !ripe(found); tries += 1) {
      await wait(50)
      found = await statuses()
    }
    const running = child.exitCode === null
    if (running) process.kill(-child.pid!, 'SIGKILL')
    await gone
    assert.ok(running, `make ${words[0]} ended before it could be killed`)
    assert.ok(ripe(found), `make ${words[0]} never came to where it was to be killed: ${JSON.stringify(found)}`)
    return found
  }

  const some = (found: Statuses, status: string): boolean => Object.values(found).includes(status)
  const create = ['create-riglet', 'YES=1'] as const

  before(async () => {
    rehearsal = await startRehearsal('journey-killed')
    user = await newUser('killed', rehearsal)
  })

  after(async () => {
    await rehearsal.down()
    await user.leaves()
  })

  it('while it plans has made nothing yet', async () => {
    await rehearsal.fault({ kind: 'latency', operation: 'DescribeChangeSet', seconds: 2 })
    const found = await killWhen((now) => some(now, 'REVIEW_IN_PROGRESS'), ...create)
    await rehearsal.calm()
    for (const one of [found, await statuses()])
      assert.deepEqual([...new Set(Object.values(one))], ['REVIEW_IN_PROGRESS'])
    assert.deepEqual(await networks(rehearsal), { vpcs: [], natGateways: 0, addresses: 0 })
  })

  it('goes on when it is run again, also while stacks are being made', async () => {
    const found = await killWhen((now) => some(now, 'CREATE_IN_PROGRESS'), ...create)
    assert.equal(found[pipeline], undefined)
  })

  it('goes on with the pipeline alone, and in the end has made everything once', async () => {
    // Long enough that it still is under way when the second run looks.
    await rehearsal.fault({ kind: 'latency', operation: 'CreatePipeline', seconds: 15, times: 1 })
    await killWhen((now) => now[pipeline] === 'CREATE_IN_PROGRESS', ...create)
    await user.does(...create)
    await rehearsal.calm()
    assert.deepEqual(await statuses(), all('CREATE_COMPLETE'))
    assert.deepEqual(await networks(rehearsal), threeNetworks)
    const { code, stderr } = await user.make(...create)
    assert.notEqual(code, 0)
    assert.match(stderr, /exists/)
  })

  it('goes on with an update under way, and does not begin it twice', async () => {
    const update = ['update-environment', 'ENV=staging', 'EMAIL_ADDRESS=ops@example.com', 'YES=1'] as const
    const since = (await rehearsal.journal()).at(-1)!.number
    await rehearsal.fault({ kind: 'latency', operation: 'Subscribe', seconds: 15, times: 1 })
    await killWhen((now) => now[staging] === 'UPDATE_IN_PROGRESS', ...update)
    const { stdout, stderr } = await user.does(...update)
    assert.match(stdout + stderr, /under way already/)
    await rehearsal.calm()
    assert.deepEqual(await statuses(), { ...all('CREATE_COMPLETE'), [staging]: 'UPDATE_COMPLETE' })
    const done = (await rehearsal.journal(since)).map(({ operation }) => operation)
    assert.equal(done.filter((operation) => operation === 'ExecuteChangeSet').length, 1)
    assert.equal(done.filter((operation) => operation === 'Subscribe').length, 1)
    const again = await user.does(...update)
    assert.match(again.stdout + again.stderr, /in sync|nothing|unchanged/i)
  })

  it('leaves no plan behind that a later one does not take away', async () => {
    const { cloudformation } = clients(rehearsal)
    for (const StackName of ground) {
      const { Summaries = [] } = await cloudformation.send(new ListChangeSetsCommand({ StackName }))
      const open = Summaries.filter(({ ExecutionStatus }) => ExecutionStatus === 'AVAILABLE')
      assert.deepEqual(open, [], StackName)
    }
  })

  it('goes on with a deletion when it is run again', async () => {
    await killWhen((now) => some(now, 'DELETE_IN_PROGRESS'), 'delete-riglet', 'RIGLET=acme-shop')
    await user.does('delete-riglet', 'RIGLET=acme-shop')
    assert.deepEqual(await statuses(), {})
    const { vpcs, addresses } = await networks(rehearsal)
    assert.deepEqual({ vpcs, addresses }, { vpcs: [], addresses: 0 })
  })
})
