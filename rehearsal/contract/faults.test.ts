import assert from 'node:assert/strict'
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2'
import { GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm'
import { after, before, describe, it } from 'mocha'
import { clients } from './support/aws.ts'
import { raiseRehearsal, startRehearsal, type Rehearsal } from './support/rehearsal.ts'
import { onRehearsal } from './support/ground.ts'
import { inState, launch } from './support/site.ts'
import { instancesOf, tracesOf, untilSilent } from './support/traces.ts'

type Aws = ReturnType<typeof clients>

const put = ({ ssm }: Aws, name: string): Promise<unknown> =>
  ssm.send(new PutParameterCommand({ Name: `/faults/${name}`, Value: 'here', Type: 'String' }))

const kept = async ({ ssm }: Aws): Promise<readonly string[]> => {
  const { Parameters = [] } = await ssm.send(new GetParametersByPathCommand({ Path: '/faults' }))
  return Parameters.map(({ Name }) => Name!.replace('/faults/', '')).sort()
}

describe('a slow answer', () => {
  const ground = onRehearsal()

  it('comes after the seconds that were asked for, as often as was asked, and has its effect', async () => {
    const took = async (name: string): Promise<number> => {
      const began = performance.now()
      await put(ground.aws, name)
      return (performance.now() - began) / 1000
    }
    await ground.rehearsal.fault({ kind: 'latency', operation: 'PutParameter', seconds: 2, times: 1 })
    const [slow, quick] = [await took('slow'), await took('quick')]
    assert.ok(slow >= 2, `${slow} s`)
    assert.ok(quick < 2, `${quick} s`)
    assert.deepEqual(await kept(ground.aws), ['quick', 'slow'])
    const puts = (await ground.rehearsal.journal()).filter(({ operation }) => operation === 'PutParameter')
    assert.deepEqual(
      puts.map(({ fault }) => fault),
      ['latency', ''],
    )
  })
})

describe('a crash at a given call', function () {
  this.timeout(60_000)
  const name = `${process.env['REHEARSAL'] ?? 'contract'}-crash`
  let rehearsal: Rehearsal

  before(async () => {
    rehearsal = await startRehearsal(name)
  })
  after(() => rehearsal.down())

  it('kills the rehearsal at that call and not before; a new one starts on clean ground', async () => {
    const aws = clients(rehearsal)
    const [id] = await launch({ rehearsal, aws })
    await inState({ rehearsal, aws }, id!, 'running')
    await rehearsal.fault({ kind: 'crash', operation: 'PutParameter', skip: 2 })
    await put(aws, 'first')
    await put(aws, 'second')
    assert.deepEqual(await kept(aws), ['first', 'second'])
    await assert.rejects(put(aws, 'third'), /ECONNREFUSED|ECONNRESET|socket hang up/)
    await untilSilent(rehearsal)

    rehearsal = await raiseRehearsal(name)
    assert.deepEqual(await instancesOf(rehearsal.name), [])
    const anew = clients(rehearsal)
    assert.deepEqual((await anew.ec2.send(new DescribeInstancesCommand({}))).Reservations, [])
    assert.deepEqual(await kept(anew), [])
    for (const word of ['first', 'second', 'third']) await put(anew, word)
    assert.deepEqual(await kept(anew), ['first', 'second', 'third'])
  })

  it('leaves nothing at all once the rehearsal is ended', async () => {
    await rehearsal.down()
    assert.deepEqual(await tracesOf(rehearsal.name), [])
  })
})
