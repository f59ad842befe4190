import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DescribeAlarmsCommand, PutMetricDataCommand, CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { DescribeLogGroupsCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs'
import { ListRolesCommand } from '@aws-sdk/client-iam'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { CreateTagsCommand } from '@aws-sdk/client-ec2'
import { desiredArtifactsOf } from '../../../scripts/actions/pipeline/pipeline.ts'
import { makeRegional } from '../../../scripts/aws/ports.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { convergeStacks } from '../../../scripts/engine/converge-stacks.ts'
import { makeClock } from '../../../scripts/io/clock.ts'
import { makeFiles } from '../../../scripts/io/files.ts'
import { home } from '../../../rehearsal/contract/support/accounts.ts'
import { zip } from '../../../rehearsal/contract/support/zip.ts'
import { answering } from '../../fakes/terminal.ts'
import { newUser, type User } from '../../journeys/support/user.ts'
import { makeRepository, networkOf, runningIn, sharing } from '../group-ground.ts'
import { insideRehearsal, until } from '../rehearsal.ts'
import { jobsOf } from './jobs.ts'
import { listenTo } from './notices.ts'

const riglet = { OWNER: 'acme', PROJECT: 'shop' }
const stack = 'acme-shop-schedule-web-main'
const times = [
  'FOLLOW_SCHEDULE=cron(20,40 5 * * ? *)',
  'IMAGE_STATUS_SCHEDULE=cron(50 5 * * ? *)',
  'CLEAN_SCHEDULE=cron(5 5 * * ? *)',
]

/** Jobs by schedule, from `make create-schedule` to `make delete-schedule`, with the days that pass between them. */
describe('jobs by schedule', function () {
  this.timeout(300_000)
  const ground = insideRehearsal()
  const jobs = () => jobsOf(ground, stack)
  const cloudwatch = () =>
    new CloudWatchClient({
      endpoint: ground.rehearsal.endpoint,
      region: 'us-east-1',
      credentials: {
        accessKeyId: ground.rehearsal.env['AWS_ACCESS_KEY_ID']!,
        secretAccessKey: ground.rehearsal.env['AWS_SECRET_ACCESS_KEY']!,
      },
    })
  let user: User
  let repository: Awaited<ReturnType<typeof makeRepository>>
  let topic: Awaited<ReturnType<typeof listenTo>>
  const commits: string[] = []
  const images: string[] = []
  const tomorrow = new Date(Date.now() + 86_400_000)

  const at = (hour: number, minute: number): Promise<void> => {
    const then = new Date(tomorrow)
    then.setUTCHours(hour, minute, 30, 0)
    return ground.rehearsal.moveClock(then)
  }
  const outputOf = async (StackName: string, key: string): Promise<string> => {
    const { Stacks } = await ground.aws.cloudformation.send(new DescribeStacksCommand({ StackName }))
    return Stacks![0]!.Outputs!.find(({ OutputKey }) => OutputKey === key)!.OutputValue!
  }
  /** An image of the riglet, made for a commit. */
  const bake = async (name: string, commit: string): Promise<string> => {
    const image = await sharing(ground).bake('us-east-1', name)
    const tags = { Owner: 'acme', Project: 'shop', Commit: commit, Inputs: 'c0ffee', Version: '1.0.0' }
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
    await ground.aws.ec2.send(new CreateTagsCommand({ Resources: [image], Tags }))
    return image
  }
  /** What a push leaves: a commit's manifests, and a file that no job may read. */
  const push = async (): Promise<void> => {
    const sizes = 'instanceType: t3.micro, minSize: 1, maxSize: 2, warmup: 0'
    const group = `{ environment: staging, repo: { url: "${repository.url}", ref: main }, ${sizes}, ${await networkOf(ground.aws)} }`
    const text = `groups:\n  web: ${group}\n`
    const Body = zip({
      'manifests/groups.yaml': text,
      'expected-drift.yaml': 'nobody reads this: it would be refused',
      'environments.yaml': 'nor this',
    })
    const Bucket = await outputOf('acme-shop-artifacts', 'SourceBucket')
    await ground.aws.s3.send(new PutObjectCommand({ Bucket, Key: 'web/main/source.zip', Body }))
    await mkdir(join(user.folder, 'manifests'))
    await writeFile(join(user.folder, 'manifests/groups.yaml'), text)
  }

  before(async () => {
    user = await newUser('schedule', ground.rehearsal)
    repository = await makeRepository()
    commits.push(repository.push('Begin'))
    const clock = makeClock(new AbortController().signal)
    const terminal = answering('yes')
    const files = makeFiles('.')
    const ports = { ...makeRegional({ region: 'us-east-1' }, clock), clock, files, terminal } as Partial<Ports> as Ports
    const words = { create: '', update: '', status: '', remove: '', recover: '' }
    const desired = [await desiredArtifactsOf(riglet, ports)]
    await convergeStacks(desired, { purpose: 'create', question: 'Create?', commands: words }, ports)
    topic = await listenTo(ground, await outputOf('acme-shop-artifacts', 'BuildTopicArn'))
    await push()
  })
  after(async () => {
    await topic?.stop()
    await repository?.remove()
    await user?.leaves()
  })

  it('are made with a role each, and run at their times by control alone (G24, G25)', async () => {
    // A day that begins now: nothing is due before.
    await at(0, 0)
    await user.does('create-schedule', 'YES=1', ...times)
    await at(5, 10)
    const [drift, clean] = [await jobs().ended('drift'), await jobs().ended('clean')]
    assert.equal(drift.status, 'SUCCEEDED', drift.log)
    assert.match(drift.log, /in sync/i)
    assert.equal(clean.status, 'SUCCEEDED', clean.log)
    assert.deepEqual(topic.heard, [])
    for (const job of ['drift', 'clean']) assert.equal((await jobs().builds(job)).length, 1)
    assert.deepEqual(await jobs().builds('follow'), [])
  })

  it('bring a group to an image that was built for a push, with no human step (A16)', async () => {
    images.push(await bake('web 1', commits[0]!))
    await at(5, 25)
    const first = await jobs().ended('follow')
    assert.equal(first.status, 'SUCCEEDED', first.log)
    assert.deepEqual(await runningIn(home(ground).in()), [[images[0], commits[0]]])
    commits.push(repository.push('Go on'))
    images.push(await bake('web 2', commits[1]!))
    await at(5, 45)
    const second = await jobs().ended('follow')
    assert.equal(second.status, 'SUCCEEDED', second.log)
    assert.deepEqual(await runningIn(home(ground).in()), [[images[1], commits[1]]])
  })

  it('write down how old what runs is, and an alarm tells when it is too old (B14)', async () => {
    await at(5, 55)
    const status = await jobs().ended('image-status')
    assert.equal(status.status, 'SUCCEEDED', status.log)
    assert.match(status.log, /staging: .* is 0 days old; objective 90 days/)
    const alarm = async () => {
      const { MetricAlarms = [] } = await cloudwatch().send(new DescribeAlarmsCommand({ AlarmNamePrefix: stack }))
      return MetricAlarms.find(({ AlarmName }) => AlarmName!.includes('StagingAgeAlarm'))!
    }
    assert.deepEqual([(await alarm()).Threshold, (await alarm()).TreatMissingData], [90, 'missing'])
    await until(alarm, ({ StateValue }) => StateValue === 'OK', 60)
    const Dimensions = [{ Name: 'Environment', Value: 'staging' }]
    const MetricData = [{ MetricName: 'ImageAge', Dimensions, Value: 91 }]
    await cloudwatch().send(new PutMetricDataCommand({ Namespace: 'acme-shop', MetricData }))
    await until(alarm, ({ StateValue }) => StateValue === 'ALARM', 60)
    const [told] = await until(
      async () => topic.heard,
      (heard) => heard.length > 0,
    )
    assert.match(told!, /StagingAgeAlarm.*Staging of acme-shop runs an image that is older than/)
  })

  it('tell which of them failed, and where its log is (G24)', async () => {
    topic.heard.length = 0
    // By hand, beside the stack: from then on it drifts.
    const logGroupName = await outputOf(stack, 'LogGroup')
    await ground.aws.logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }))
    tomorrow.setUTCDate(tomorrow.getUTCDate() + 1)
    await at(5, 2)
    const drift = await jobs().ended('drift')
    assert.equal(drift.status, 'FAILED', drift.log)
    const [told] = await until(
      async () => topic.heard,
      (heard) => heard.length > 0,
    )
    assert.equal(told, `${stack}-drift: FAILED. Its log tells why: ${drift.link}`)
  })

  it('are gone without a rest', async () => {
    await user.does('delete-schedule', 'YES=1')
    const { Roles = [] } = await ground.aws.iam.send(new ListRolesCommand({ PathPrefix: '/acme-shop/' }))
    assert.deepEqual(
      Roles.map(({ RoleName }) => RoleName).filter((name) => name!.includes('schedule')),
      [],
    )
    const { logGroups = [] } = await ground.aws.logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: '/acme-shop/schedule' }),
    )
    assert.deepEqual(logGroups, [])
    const since = (await ground.rehearsal.journal()).at(-1)!.number
    tomorrow.setUTCDate(tomorrow.getUTCDate() + 1)
    await at(6, 0)
    const calls = await ground.rehearsal.journal(since)
    assert.deepEqual(
      calls.filter(({ operation }) => operation === 'StartBuild'),
      [],
    )
  })
})
