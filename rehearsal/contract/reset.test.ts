import assert from 'node:assert/strict'
import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2'
import { ListPipelinesCommand } from '@aws-sdk/client-codepipeline'
import { after, before, describe, it } from 'mocha'
import { clients } from './support/aws.ts'
import { raiseRehearsal, startRehearsal, type Rehearsal } from './support/rehearsal.ts'
import { onRehearsal, refusal } from './support/ground.ts'
import { inState, launch } from './support/site.ts'
import { instancesOf, kindsOf, kindsOfTraces, tracesOf, untilSilent } from './support/traces.ts'

// https://docs.getmoto.org/en/latest/docs/server_mode.html#reset-api
describe('the reset', function () {
  this.timeout(60_000)
  const ground = onRehearsal()

  it('forgets instances, running and booting, and the operations that run', async () => {
    const { ec2, cloudformation, codepipeline } = ground.aws
    const [running] = await launch(ground)
    await inState(ground, running!, 'running')
    const images = async () => {
      const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['136693071363'] }))
      return Images.map(({ ImageId }) => ImageId!)
    }
    const found = await images()
    const waits = {
      Type: 'AWS::CloudFormation::WaitCondition',
      Properties: { Handle: { Ref: 'Handle' }, Timeout: 43200 },
    }
    const Resources = { Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' }, Never: waits }
    const TemplateBody = JSON.stringify({ Resources })
    await cloudformation.send(new CreateStackCommand({ StackName: 'waits', TemplateBody }))
    const site = { ImageId: found[0]!, InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1 }
    await ec2.send(new RunInstancesCommand(site))
    assert.notDeepEqual(await instancesOf(ground.rehearsal.name), [])

    await fetch(`${ground.rehearsal.endpoint}/moto-api/reset`, { method: 'POST' })
    assert.deepEqual(await instancesOf(ground.rehearsal.name), [])
    assert.deepEqual((await ec2.send(new DescribeInstancesCommand({}))).Reservations, [])
    const { message } = await refusal(cloudformation.send(new DescribeStacksCommand({ StackName: 'waits' })))
    assert.match(message, /Stack with id waits does not exist/)
    assert.deepEqual((await codepipeline.send(new ListPipelinesCommand({}))).pipelines, [])
    const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}))
    assert.deepEqual([...new Set(SecurityGroups.map(({ GroupName }) => GroupName))], ['default'])
    // What the rehearsal has from its first day is there again, under the same id.
    assert.deepEqual(await images(), found)
  })
})

describe('a rehearsal that is killed', function () {
  this.timeout(60_000)
  const name = `${process.env['REHEARSAL'] ?? 'contract'}-killed`
  let rehearsal: Rehearsal

  before(async () => {
    rehearsal = await startRehearsal(name)
  })
  after(() => rehearsal.down())

  it('leaves nothing of its instances once another of its name has started', async () => {
    const ground = { rehearsal, aws: clients(rehearsal) }
    const [id] = await launch(ground)
    await inState(ground, id!, 'running')
    assert.notDeepEqual(await instancesOf(rehearsal.name), [])
    const { pid } = (await (await fetch(`${rehearsal.endpoint}/_rehearsal/status`)).json()) as { pid: number }
    process.kill(pid, 'SIGKILL')
    await untilSilent(rehearsal)

    rehearsal = await raiseRehearsal(name)
    assert.deepEqual(await instancesOf(rehearsal.name), [])
    assert.deepEqual((await clients(rehearsal).ec2.send(new DescribeInstancesCommand({}))).Reservations, [])
  })

  it('leaves nothing at all once it is ended', async () => {
    const ground = { rehearsal, aws: clients(rehearsal) }
    const [id] = await launch(ground)
    await inState(ground, id!, 'running')
    assert.deepEqual(kindsOf(await tracesOf(rehearsal.name)), kindsOfTraces)
    await rehearsal.down()
    assert.deepEqual(await tracesOf(rehearsal.name), [])
  })
})
