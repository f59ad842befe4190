import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2'
import { ListPipelinesCommand } from '@aws-sdk/client-codepipeline'
import { after, before, describe, it } from 'mocha'
import { clients } from '../journeys/support/aws.ts'
import { openRehearsal, startRehearsal, type Rehearsal } from '../journeys/support/rehearsal.ts'
import { onRehearsal, refusal, until, type Ground } from './rehearsal.ts'
import { inState, makeSite, oneOf } from './site.ts'

const run = promisify(execFile)

/** What this machine has of a rehearsal's instances: namespaces, mounts and processes. */
async function instancesOf(name: string): Promise<readonly string[]> {
  const [spaces, processes, mounts] = await Promise.all([
    run('ip', ['netns', 'list']),
    run('ps', ['-eo', 'args']),
    readFile('/proc/self/mountinfo', 'utf8'),
  ])
  return [
    ...spaces.stdout.split('\n').filter((line) => line.startsWith(`rehearsal.${name}.i-`)),
    ...mounts.split('\n').filter((line) => line.includes(`/${name}/machines/i-`)),
    ...processes.stdout.split('\n').filter((line) => /^systemd-nspawn/.test(line) && line.includes(`/${name}/`)),
  ]
}

const launch = async (ground: Ground, count = 1): Promise<readonly string[]> => {
  const asked = { ...oneOf(await makeSite(ground)), MinCount: count, MaxCount: count }
  const { Instances = [] } = await ground.aws.ec2.send(new RunInstancesCommand(asked))
  return Instances.map(({ InstanceId }) => InstanceId!)
}

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
    assert.notDeepEqual(await instancesOf(name), [])
    const { pid } = (await (await fetch(`${rehearsal.endpoint}/_rehearsal/status`)).json()) as { pid: number }
    process.kill(pid, 'SIGKILL')
    await until(
      () =>
        fetch(rehearsal.endpoint).then(
          () => true,
          () => false,
        ),
      (answers) => !answers,
      10,
    )

    const { stdout } = await run('make', ['-s', 'aws-up', `REHEARSAL=${name}`, 'PORT=0'])
    const env = Object.fromEntries(
      [...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, key, value]) => [key!, value!]),
    )
    rehearsal = openRehearsal(name, env)
    assert.deepEqual(await instancesOf(name), [])
    assert.deepEqual((await clients(rehearsal).ec2.send(new DescribeInstancesCommand({}))).Reservations, [])
  })

  it('leaves nothing at all once it is ended', async () => {
    await rehearsal.down()
    const { stdout } = await run('sh', [
      '-c',
      'ip netns list; nft list tables; cat /proc/mounts; ls /run/aws-rehearsal',
    ])
    assert.ok(!stdout.includes(name), stdout)
  })
})
