import assert from 'node:assert/strict'
import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling'
import {
  CreateLaunchTemplateCommand,
  DeregisterImageCommand,
  DescribeSubnetsCommand,
  ModifyImageAttributeCommand,
} from '@aws-sdk/client-ec2'
import { imageStatus } from '../../scripts/actions/lineage/image-status.ts'
import { planRevoke, revoke } from '../../scripts/actions/revocation/revoke.ts'
import { unrevoke } from '../../scripts/actions/revocation/unrevoke.ts'
import { makeTakeRole } from '../../scripts/aws/access/take-role.ts'
import { makeRegional } from '../../scripts/aws/ports.ts'
import { needsRole, type Target } from '../../scripts/core/access/target.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { home, makeAccount, type Account } from '../../rehearsal/contract/support/accounts.ts'
import { copied } from '../../rehearsal/contract/support/images.ts'
import { fakeFiles } from '../fakes/regional.ts'
import { answering } from '../fakes/terminal.ts'
import { insideRehearsal } from './rehearsal.ts'

const customer = '333333333333'
const tags = { Owner: 'acme', Project: 'shop', Image: 'web', Inputs: '9f3c2e1a', Version: '1.4.2', Commit: 'c0ffee1' }
const reading = /^(?:Describe|Get|List|Assume)/

/** The stories with their real ports, against EC2 of several regions and accounts. */
describe('a revocation', function () {
  this.timeout(240_000)
  const ground = insideRehearsal()
  const clock = makeClock(new AbortController().signal)
  let other: Account
  /** The candidate, its copy in another region, its copy in another account, and a copy of a copy that is gone. */
  let ids: readonly [string, string, string, string]

  const at = (target: Target) => {
    const options = { region: target.region }
    return makeRegional(
      needsRole(target) ? { ...options, identify: makeTakeRole(target, { region: 'us-east-1' }) } : options,
      clock,
    )
  }
  const settings = () => ({
    OWNER: 'acme',
    PROJECT: 'shop',
    REGION: 'us-east-1',
    IMAGE_ID: ids[0],
    REASON: 'CVE-2026-1',
  })
  const portsNow = () => {
    const files = fakeFiles({
      'manifests/images.yaml': `accounts:
  hub: { account: "${other.id}", role: OrganizationAccountAccessRole, regions: [us-east-1] }
images:
  web: { account: hub }
  own: { regions: [us-east-1, eu-west-1] }
`,
    })
    const terminal = answering('yes', 'yes')
    const ports = { ...at({ region: 'us-east-1' }), at, clock, files, terminal } as Partial<Ports> as Ports
    return { ports, told: () => terminal.shown.join('\n') }
  }
  const placesOf = () => [
    at({ region: 'us-east-1' }),
    at({ region: 'eu-west-1' }),
    at({ region: 'us-east-1', account: other.id, role: 'OrganizationAccountAccessRole' }),
    at({ region: 'us-east-1' }),
  ]
  const marks = () =>
    Promise.all(
      placesOf().map(async ({ images }, index) => (await images.describe([ids[index]!]))[0]!.tags['RevokedReason']),
    )
  const lastCall = async (): Promise<number> => (await ground.rehearsal.journal()).at(-1)!.number
  const changesSince = async (since: number): Promise<readonly string[]> =>
    (await ground.rehearsal.journal(since)).map(({ operation }) => operation).filter((name) => !reading.test(name))

  before(async () => {
    other = await makeAccount(ground, 'hub')
    const [east, west] = [home(ground).in('us-east-1'), home(ground).in('eu-west-1')]
    const candidate = await copied(east, { Name: 'acme-shop/candidate/web/1.4.2-9f3c2e1a-20260131T120000Z' })
    await at({ region: 'us-east-1' }).publishing.tag([candidate], tags)
    for (const { publishing, images } of [at({ region: 'us-east-1' })]) {
      await publishing.share(candidate, [other.id, customer])
      for (const snapshot of (await images.describe([candidate]))[0]!.snapshots)
        await publishing.letRead(snapshot, other.id)
    }
    const elsewhere = { SourceImageId: candidate, SourceRegion: 'us-east-1' }
    const [abroad, theirs, between] = await Promise.all([
      copied(west, { Name: 'abroad', ...elsewhere }),
      copied(other.in('us-east-1'), { Name: 'theirs', ...elsewhere }),
      copied(east, { Name: 'between', ...elsewhere }),
    ])
    const last = await copied(east, { Name: 'last', SourceImageId: between, SourceRegion: 'us-east-1' })
    await east.ec2.send(new DeregisterImageCommand({ ImageId: between }))
    await other
      .in('us-east-1')
      .ec2.send(new ModifyImageAttributeCommand({ ImageId: theirs, LaunchPermission: { Add: [{ UserId: customer }] } }))
    ids = [candidate, abroad, theirs, last]
  })

  it('reaches copies in other regions and accounts, and what was made of an image that is gone (B13)', async () => {
    const { ports, told } = portsNow()
    assert.equal(await revoke(settings(), ports), 0, told())
    assert.deepEqual(
      await marks(),
      Array.from({ length: 4 }, () => 'CVE-2026-1'),
    )
    const [here, , there] = placesOf()
    assert.deepEqual(await here!.publishing.sharedWith(ids[0]), [])
    assert.deepEqual(await there!.publishing.sharedWith(ids[2]), [])
  })

  it('lists a group that has no instance now, and image-status tells its commit (B13, A17)', async () => {
    const { autoscaling, ec2 } = other.in('us-east-1')
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}))
    const LaunchTemplateData = { ImageId: ids[2], InstanceType: 't3.micro' as const }
    await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'tills', LaunchTemplateData }))
    await autoscaling.send(
      new CreateAutoScalingGroupCommand({
        ...{ AutoScalingGroupName: 'tills', MinSize: 0, MaxSize: 1, DesiredCapacity: 0 },
        ...{ VPCZoneIdentifier: Subnets[0]!.SubnetId!, LaunchTemplate: { LaunchTemplateName: 'tills', Version: '1' } },
      }),
    )
    const planned = portsNow()
    assert.equal(await planRevoke(settings(), planned.ports), 0, planned.told())
    assert.match(planned.told(), new RegExp(`group tills in ${other.id} us-east-1: ${ids[2]}, 0 instances`))
    const status = portsNow()
    const { IMAGE_ID: _, REASON: __, ...riglet } = settings()
    assert.equal(await imageStatus({ ...riglet, IMAGE: ids[2] }, status.ports), 0, status.told())
    assert.match(status.told(), new RegExp(`^web ${ids[0]} \\(1\\.4\\.2, c0ffee1, x86_64\\)$`, 'm'))
    assert.match(status.told(), new RegExp(`^ {2}${other.id} us-east-1 +${ids[2]} +group tills, 0 instances$`, 'm'))
  })

  it('changes nothing the second time, and lists the images of each place once', async () => {
    const since = await lastCall()
    const { ports, told } = portsNow()
    assert.equal(await revoke(settings(), ports), 0, told())
    assert.deepEqual(await changesSince(since), [])
    const calls = (await ground.rehearsal.journal(since)).map(({ operation, region }) => `${operation} ${region}`)
    // Two accounts have this region; the base of all, which is Debian's, is looked at by its id.
    assert.equal(calls.filter((call) => call === 'DescribeImages us-east-1').length, 3)
    assert.equal(calls.filter((call) => call === 'DescribeImages eu-west-1').length, 1)
    assert.equal(calls.filter((call) => call.startsWith('GetImageAncestry')).length, 1)
  })

  it('is taken back exactly: unmarked, and shared with whom each was', async () => {
    const { ports, told } = portsNow()
    assert.equal(await unrevoke(settings(), ports), 0, told())
    assert.deepEqual(
      await marks(),
      Array.from({ length: 4 }, () => undefined),
    )
    const [here, , there] = placesOf()
    assert.deepEqual([...(await here!.publishing.sharedWith(ids[0]))].sort(), [customer, other.id].sort())
    assert.deepEqual(await there!.publishing.sharedWith(ids[2]), [customer])
  })
})
