import assert from 'node:assert/strict'
import { execFileSync, type ChildProcess } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DescribeImageAttributeCommand, DescribeImagesCommand, type Image } from '@aws-sdk/client-ec2'
import { GetParameterHistoryCommand } from '@aws-sdk/client-ssm'
import { home } from '../../rehearsal/contract/support/accounts.ts'
import { copied } from '../../rehearsal/contract/support/images.ts'
import { readManifest } from '../../scripts/core/manifest/read-manifest.ts'
import { newUser, type User } from '../journeys/support/user.ts'
import { onRehearsal, until } from './rehearsal.ts'

const regions = ['us-east-1', 'eu-west-1', 'ap-south-1'] as const
const away = ['eu-west-1', 'ap-south-1'] as const
const consumer = '333333333333'
const inputs = (number: number): string => `${number}f3c2e1a`.repeat(8)
const nameOf = (number: number): string => `acme-shop/web/1.${number}.0-${number}f3c2e1a`

/** Real processes, which are killed, run at once, and are not answered, against EC2 of three regions. */
describe('a distribution under faults', function () {
  this.timeout(120_000)
  const ground = onRehearsal()
  let user: User
  const candidates: string[] = []

  const manifest = () => join(user.folder, 'manifests/images.json')
  const imagesNamed = async (region: string, number: number): Promise<readonly Image[]> => {
    const Filters = [{ Name: 'name', Values: [nameOf(number)] }]
    const asked = new DescribeImagesCommand({ Owners: ['self'], Filters })
    return (await home(ground).in(region).ec2.send(asked)).Images ?? []
  }
  const lastCall = async (): Promise<number> => (await ground.rehearsal.journal()).at(-1)!.number
  const callsSince = async (since: number, operation: string) =>
    (await ground.rehearsal.journal(since)).filter((call) => call.operation === operation)
  const words = (target: string, number: number) => [target, 'IMAGE=web', `IMAGE_ID=${candidates[number]}`, 'YES=1']

  const underway = async (): Promise<readonly string[]> => {
    const reply = await fetch(`${ground.rehearsal.endpoint}/_rehearsal/status`)
    const { underway: calls } = (await reply.json()) as { readonly underway: readonly { readonly operation: string }[] }
    return calls.map(({ operation }) => operation)
  }

  /** kill -9 of the process and all that it started. */
  const killWhen = async (child: ChildProcess, ripe: () => Promise<boolean>): Promise<void> => {
    const gone = new Promise((done) => child.on('close', done))
    await until(ripe, (is) => is || child.exitCode !== null, 60)
    assert.equal(child.exitCode, null, 'it ended before it could be killed')
    process.kill(-child.pid!, 'SIGKILL')
    await gone
  }

  /** In each region one image, available, and shared with the consumer; the manifest says which. */
  const holds = async (number: number): Promise<void> => {
    const { web } = await readManifest(await readFile(manifest(), 'utf8'))
    for (const region of regions) {
      const ids =
        region === 'us-east-1' ? [candidates[number]] : (await imagesNamed(region, number)).map((one) => one.ImageId)
      assert.deepEqual([region, web![region]!.map(({ id }) => id)], [region, ids])
      const asked = new DescribeImageAttributeCommand({ ImageId: ids[0]!, Attribute: 'launchPermission' })
      const { LaunchPermissions = [] } = await home(ground).in(region).ec2.send(asked)
      assert.deepEqual(
        LaunchPermissions.map(({ UserId }) => UserId),
        [consumer],
      )
    }
  }

  before(async () => {
    user = await newUser('distribution faults', ground.rehearsal)
    const aws = home(ground).in('us-east-1')
    for (const number of [0, 1]) {
      const tags = {
        Owner: 'acme',
        Project: 'shop',
        Image: 'web',
        Version: `1.${number}.0`,
        Inputs: inputs(number),
        Commit: 'c0ffee1',
      }
      const TagSpecifications = [
        { ResourceType: 'image' as const, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
      ]
      const Name = `acme-shop/candidate/web/1.${number}.0-${number}f3c2e1a-20260131T120000Z`
      candidates.push(await copied(aws, { Name, SourceRegion: 'us-east-1', TagSpecifications }))
    }
    await mkdir(join(user.folder, 'manifests'), { recursive: true })
    await writeFile(
      join(user.folder, 'manifests/images.yaml'),
      `accounts:\n  shop: { account: "${consumer}" }\nimages:\n  web: { regions: [${regions.join(', ')}], encryption: false, shareWith: [shop], deprecation: 30 }\n`,
    )
  })
  after(() => user.leaves())

  it('says what is wrong with the clock of its machine, and changes nothing (B15)', async () => {
    const since = await lastCall()
    const shift =
      'const now=Date.now;Date.now=()=>now()+3*3600000;Date=class extends Date{constructor(...a){a.length?super(...a):super(Date.now())}}'
    const { code, stderr } = await user.make(
      'replicate',
      'IMAGE=web',
      `IMAGE_ID=${candidates[0]}`,
      'YES=1',
      `NODE_OPTIONS=--import=data:text/javascript,${encodeURIComponent(shift)}`,
    )
    assert.deepEqual(
      [code !== 0, /The clock of this machine is 3 hours ahead of that of AWS\./.test(stderr)],
      [true, true],
      stderr,
    )
    assert.deepEqual(await callsSince(since, 'CopyImage'), [])
  })

  it('copies nothing twice: two runs at once, of which one is killed while it copies (B02)', async () => {
    const since = await lastCall()
    const [first, second] = [user.begins(...words('replicate', 0)), user.make(...words('replicate', 0))]
    await killWhen(first, async () => (await callsSince(since, 'CopyImage')).length >= 2)
    const { code, stderr } = await second
    assert.equal(code, 0, stderr)
    for (const region of away)
      assert.deepEqual(
        (await imagesNamed(region, 0)).map(({ State }) => State),
        ['available'],
      )
  })

  // Each of them in the region where the one before was killed: what is done is not done again.
  for (const operation of ['EnableImageDeregistrationProtection', 'EnableImageDeprecation', 'ModifyImageAttribute'])
    it(`goes on where a publication was killed while ${operation} was at work (B02, B03)`, async () => {
      await ground.rehearsal.fault({ kind: 'latency', operation, region: 'eu-west-1', seconds: 2, times: 1 })
      const child = user.begins(...words('publish', 0))
      await killWhen(child, async () => (await underway()).includes(operation))
      await until(underway, (calls) => !calls.includes(operation))
      await assert.rejects(readFile(manifest()), /ENOENT/)
    })

  it('ends as if nothing had been, and then has nothing to do (B02, B03)', async () => {
    await user.does(...words('publish', 0))
    await holds(0)
    const since = await lastCall()
    await user.does(...words('replicate', 0))
    await user.does(...words('publish', 0))
    const changes = (await ground.rehearsal.journal(since)).filter(
      ({ operation }) => !/^(?:Describe|Get)/.test(operation),
    )
    assert.deepEqual(changes, [])
  })

  it('ends right where every third call is throttled, and every tenth reply gets lost (B02, B15, B18)', async () => {
    const since = await lastCall()
    await ground.rehearsal.fault({ kind: 'lost-reply', every: 10 })
    await ground.rehearsal.fault({ kind: 'throttle', every: 3 })
    await user.does(...words('replicate', 1))
    await user.does(...words('publish', 1))
    for (const command of ['add manifests', 'commit -q -m Publish', 'tag v1.1.0'])
      execFileSync('git', command.split(' '), { cwd: user.folder })
    await user.does('promote', 'IMAGE=web', 'CHANNEL=stable', 'YES=1')
    await ground.rehearsal.calm()
    await holds(1)
    const [id] = await Promise.all(away.map(async (region) => (await imagesNamed(region, 1))[0]!.ImageId))
    const Name = '/acme/shop/channel/stable/web/x86_64'
    const { Parameters = [] } = await home(ground).in(away[0]).ssm.send(new GetParameterHistoryCommand({ Name }))
    // Put again where the reply got lost, and still the same.
    assert.deepEqual([...new Set(Parameters.map(({ Value }) => Value))], [id])
    const faults = (await ground.rehearsal.journal(since)).map(({ fault }) => fault)
    for (const kind of ['throttle', 'lost-reply']) assert.ok(faults.filter((one) => one === kind).length >= 4, kind)
    for (const region of away) assert.equal((await imagesNamed(region, 1)).length, 1)
  })
})
