import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { after, before, describe, it } from 'mocha'
import { clients } from './support/aws.ts'
import { startRehearsal, type Rehearsal } from './support/rehearsal.ts'
import { newUser, type User } from './support/user.ts'

const ended = (child: ChildProcess): Promise<void> => new Promise((done) => child.on('close', () => done()))
const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))

/** Journey g: kill -9 at an inconvenient time. */
describe('a script killed in the middle', function () {
  this.timeout(300_000)
  let rehearsal: Rehearsal
  let user: User

  const statuses = async (): Promise<Record<string, string>> => {
    const { Stacks = [] } = await clients(rehearsal).cloudformation.send(new DescribeStacksCommand({}))
    return Object.fromEntries(Stacks.map(({ StackName = '', StackStatus = '' }) => [StackName, StackStatus]))
  }

  /** Lets a target run until `ripe` says so, then kills it and all its children. */
  const killWhen = async (ripe: (statuses: Record<string, string>) => boolean, ...words: string[]): Promise<void> => {
    const child = user.begins(...words)
    const gone = ended(child)
    for (let tries = 0; tries < 600 && child.exitCode === null; tries += 1) {
      if (ripe(await statuses())) break
      await wait(50)
    }
    assert.equal(child.exitCode, null, `make ${words[0]} ended before it could be killed`)
    process.kill(-child.pid!, 'SIGKILL')
    await gone
  }

  before(async () => {
    rehearsal = await startRehearsal('journey-killed')
    user = await newUser('killed', rehearsal)
  })

  after(async () => {
    await rehearsal.down()
    await user.leaves()
  })

  it('goes on with its environments when it is run again (R06)', async () => {
    await killWhen((found) => Object.values(found).includes('CREATE_IN_PROGRESS'), 'create-riglet', 'YES=1')
    await user.does('create-riglet', 'YES=1')
    const found = await statuses()
    assert.ok(
      Object.values(found).every((status) => status === 'CREATE_COMPLETE'),
      JSON.stringify(found),
    )
    assert.ok(found['acme-shop-pipeline-web-main'] !== undefined)
  })

  it('goes on with a deletion when it is run again (R14)', async () => {
    await killWhen((found) => Object.values(found).includes('DELETE_IN_PROGRESS'), 'delete-riglet', 'RIGLET=acme-shop')
    await user.does('delete-riglet', 'RIGLET=acme-shop')
    assert.deepEqual(await statuses(), {})
  })
})
