import assert from 'node:assert/strict'
import {
  CopyImageCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  DisableImageCommand,
  EC2Client,
  EnableImageCommand,
  EnableImageDeregistrationProtectionCommand,
  type Image,
} from '@aws-sdk/client-ec2'
import { cleanImages, planCleanImages } from '../../scripts/actions/cleaning/clean-images.ts'
import { showDrift } from '../../scripts/actions/drift/show-drift.ts'
import { makeTakeRole } from '../../scripts/aws/access/take-role.ts'
import { makeRegional } from '../../scripts/aws/ports.ts'
import { needsRole, type Target } from '../../scripts/core/access/target.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { makeAccount, type Account } from '../../rehearsal/contract/support/accounts.ts'
import { fakeGit } from '../fakes/checkout.ts'
import { fakeFiles } from '../fakes/regional.ts'
import { answering } from '../fakes/terminal.ts'
import { insideRehearsal, until } from './rehearsal.ts'

const tags = { Owner: 'acme', Project: 'shop', Image: 'web', Version: '1.4.2', Inputs: '9f3c2e1a'.repeat(8) }
const names = ['tagged', 'referred', 'shared', 'loose', 'spare'] as const
const entry = (id: string, name: string) => ({
  ...{ architecture: 'x86_64', deprecation_time: null, id, name: `acme-shop/web/${name}`, public: false },
})
const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1', KEEP_DAYS: '0', DISABLED_DAYS: '0' }

/** The story with its real ports, against EC2 of two accounts. */
describe('a clean-up of images', function () {
  this.timeout(240_000)
  const ground = insideRehearsal()
  const clock = makeClock(new AbortController().signal)
  const ids = new Map<string, string>()
  let ec2: EC2Client
  let other: Account

  const at = (target: Target) => {
    const options = { region: target.region }
    return makeRegional(
      needsRole(target) ? { ...options, identify: makeTakeRole(target, { region: 'us-east-1' }) } : options,
      clock,
    )
  }
  const ports = () => {
    const terminal = answering('yes', 'yes')
    const yaml = `accounts:\n  customer: { account: "${other.id}", role: OrganizationAccountAccessRole }\nimages:\n  web: {}\n`
    const text = JSON.stringify({ web: { 'us-east-1': entry(ids.get('tagged')!, 'tagged') } })
    const versionsOf = () =>
      Promise.resolve({ complete: true, versions: [{ type: 'tag' as const, name: 'v1.0', time: 0, text }] })
    const all = {
      ...at({ region: 'us-east-1' }),
      ...{ at, clock, terminal, git: { ...fakeGit(), versionsOf } },
      files: fakeFiles({ 'manifests/images.yaml': yaml }),
    } as Partial<Ports> as Ports
    return { all, screen: () => terminal.shown.at(-1) ?? '' }
  }
  const described = async (id: string): Promise<Image | undefined> => {
    const Filters = [{ Name: 'image-id', Values: [id] }]
    return (await ec2.send(new DescribeImagesCommand({ Filters, IncludeDisabled: true }))).Images![0]
  }
  const lastCall = async (): Promise<number> => (await ground.rehearsal.journal()).at(-1)!.number
  const verdicts = async (): Promise<Record<string, string>> => {
    const { all, screen } = ports()
    await planCleanImages({ ...settings, JSON: '1' }, all)
    const { images } = JSON.parse(screen()) as { images: { id: string; verdict: string; why: string[] }[] }
    const nameOf = new Map([...ids].map(([name, id]) => [id, name]))
    return Object.fromEntries(images.map((one) => [nameOf.get(one.id), `${one.verdict}: ${one.why.join('; ')}`]))
  }

  before(async () => {
    ec2 = new EC2Client({ region: 'us-east-1' })
    other = await makeAccount(ground, 'customer')
    const asked = {
      Filters: [
        { Name: 'name', Values: ['debian-12-*'] },
        { Name: 'architecture', Values: ['x86_64'] },
      ],
    }
    const { Images: [base] = [] } = await ec2.send(new DescribeImagesCommand(asked))
    for (const name of names) {
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
      const { ImageId } = await ec2.send(
        new CopyImageCommand({
          Name: `acme-shop/web/${name}`,
          SourceImageId: base!.ImageId!,
          SourceRegion: 'us-east-1',
          TagSpecifications: (['image', 'snapshot'] as const).map((ResourceType) => ({ ResourceType, Tags })),
        }),
      )
      ids.set(name, ImageId!)
    }
    for (const id of ids.values())
      await until(
        () => described(id),
        (image) => image?.State === 'available',
        90,
      )
    await ec2.send(new EnableImageDeregistrationProtectionCommand({ ImageId: ids.get('loose')!, WithCooldown: false }))
    const LaunchTemplateName = 'old'
    const ImageId = ids.get('referred')!
    const LaunchTemplateData = { InstanceType: 't3.micro' } as const
    await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData }))
    // Neither the default version nor the newest one.
    for (const data of [{ ImageId }, LaunchTemplateData])
      await ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateName, LaunchTemplateData: data }))
    const theirs = { LaunchTemplateName: 'theirs', LaunchTemplateData: { ImageId: ids.get('shared')! } }
    await other.in().ec2.send(new CreateLaunchTemplateCommand(theirs))
  })

  it('tells why each stays or goes, in calls that do not grow with the images (B08, A24, G25)', async () => {
    const since = await lastCall()
    const told = await verdicts()
    assert.equal(told['tagged'], 'stays: the manifest of v1.0 names it')
    assert.match(told['referred']!, /^stays: arn:aws:ec2:us-east-1:123456789012:launch-template\/lt-\w+ refers to it$/)
    assert.match(told['shared']!, new RegExp(`^stays: launch template theirs .* in ${other.id} us-east-1 uses it`))
    assert.match(told['loose']!, /^goes: nothing refers to it$/)
    const calls = (await ground.rehearsal.journal(since)).map(({ operation }) => operation)
    const count = (operation: string): number => calls.filter((one) => one === operation).length
    assert.deepEqual(
      ['DescribeImages', 'DescribeSnapshots', 'DescribeImageUsageReports', 'GetParametersByPath'].map(count),
      [1, 1, 1, 1],
    )
    // In both accounts.
    assert.deepEqual(
      ['DescribeInstances', 'DescribeLaunchTemplateVersions', 'DescribeImageReferences'].map(count),
      [2, 2, 2],
    )
    assert.ok(
      calls.every((one) => /^(?:Describe|Get|Assume|List)/.test(one)),
      calls.join(' '),
    )
  })

  it('finds no drift where the tagged manifest holds, and some once its image is gone (B06, B07, G24, G25)', async () => {
    const drift = async (): Promise<{ code: number; text: string }> => {
      const { all, screen } = ports()
      return { code: await showDrift(settings, all), text: screen() }
    }
    const since = await lastCall()
    const { code, text } = await drift()
    assert.equal(code, 2)
    // The launch templates on images that nobody released.
    assert.equal([...text.matchAll(/^! launch template theirs .*$/gm)].length, 1, text)
    assert.equal([...text.matchAll(/^! /gm)].length, 1, text)
    assert.match(text, new RegExp(`^- ${ids.get('loose')} +us-east-1 +acme-shop/web/loose$`, 'm'))
    const calls = (await ground.rehearsal.journal(since)).map(({ operation }) => operation)
    const count = (operation: string): number => calls.filter((one) => one === operation).length
    assert.deepEqual(['DescribeImages', 'DescribeAutoScalingGroups', 'DescribeInstances'].map(count), [1, 2, 2])
    assert.ok(
      calls.every((one) => /^(?:Describe|Get|Assume|List)/.test(one)),
      calls.join(' '),
    )
    await ec2.send(new DisableImageCommand({ ImageId: ids.get('tagged')! }))
    assert.match((await drift()).text, /cannot be launched from, though the manifest of v1.0 names it/)
    await ec2.send(new EnableImageCommand({ ImageId: ids.get('tagged')! }))
  })

  it('asks, disables, deregisters: a step each time, and snapshots go last (B08, A24, G33)', async () => {
    const run = async (): Promise<string> => {
      const { all, screen } = ports()
      assert.equal(await cleanImages(settings, all), 0, screen())
      return screen()
    }
    const loose = ids.get('loose')!
    const snapshot = (await described(loose))!.BlockDeviceMappings![0]!.Ebs!.SnapshotId!
    assert.match(await run(), new RegExp(`${loose} +done +ask`))
    await until(verdicts, (told) => !told['loose']!.startsWith('waits'), 90)
    assert.match(await run(), new RegExp(`${loose} +done +disable`))
    assert.equal((await described(loose))!.State, 'disabled')
    assert.match(await run(), new RegExp(`${loose} +done +unprotect, deregister`))
    assert.equal(await described(loose), undefined)
    const gone = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }))
    assert.ok(gone.Snapshots!.every(({ SnapshotId }) => SnapshotId !== snapshot))
    const left = await verdicts()
    assert.deepEqual(Object.keys(left).sort(), ['referred', 'shared', 'tagged'])
    assert.match(await run(), /\n0 of 3 images go a step further$/)
  })
})
