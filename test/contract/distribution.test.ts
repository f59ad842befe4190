import assert from 'node:assert/strict'
import {
  CopyImageCommand,
  DescribeImagesCommand,
  DisableImageBlockPublicAccessCommand,
  EC2Client,
  type Image,
} from '@aws-sdk/client-ec2'
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { publish } from '../../scripts/actions/distribution/publish.ts'
import { replicate } from '../../scripts/actions/distribution/replicate.ts'
import { makeRegional } from '../../scripts/aws/ports.ts'
import { makeTakeRole } from '../../scripts/aws/access/take-role.ts'
import { needsRole, type Target } from '../../scripts/core/access/target.ts'
import { readManifest } from '../../scripts/core/manifest/read-manifest.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { makeAccount, type Account } from '../../rehearsal/contract/support/accounts.ts'
import { fakeFiles } from '../fakes/regional.ts'
import { answering } from '../fakes/terminal.ts'
import { insideRehearsal, until } from './rehearsal.ts'

const regions = ['us-east-1', 'eu-west-1', 'ap-south-1']
const inputs = '9f3c2e1a'.repeat(8)
const tags = { Owner: 'acme', Project: 'shop', Image: 'web', Version: '1.4.2', Inputs: inputs, Commit: 'c0ffee1' }
const name = 'acme-shop/web/1.4.2-9f3c2e1a'
const reading = /^(?:Describe|Get|Assume)/

/** The stories with their real ports, against EC2 of several regions and accounts. */
describe('a distribution', function () {
  this.timeout(240_000)
  const ground = insideRehearsal()
  const ec2 = new Map<string, EC2Client>()
  const clock = makeClock(new AbortController().signal)
  let candidate = ''
  let other: Account

  const at = (target: Target) => {
    const options = { region: target.region }
    return makeRegional(
      needsRole(target) ? { ...options, identify: makeTakeRole(target, { region: 'us-east-1' }) } : options,
      clock,
    )
  }
  const settings = () => ({ OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1', IMAGE: 'web', IMAGE_ID: candidate })
  const portsFor = (files: ReturnType<typeof fakeFiles>) => {
    const terminal = answering('yes', 'yes', 'yes', 'yes')
    const ports = { ...at({ region: 'us-east-1' }), at, clock, files, terminal } as Partial<Ports> as Ports
    return { ports, screen: () => terminal.shown.at(-1) ?? '', said: () => terminal.said.join('\n') }
  }
  const describeIn = async (region: string, id: string): Promise<Image> =>
    (await ec2.get(region)!.send(new DescribeImagesCommand({ ImageIds: [id] }))).Images![0]!
  /** What was asked of EC2 since, without what is only read. */
  const changesSince = async (since: number): Promise<readonly string[]> =>
    (await ground.rehearsal.journal(since))
      .filter(({ operation }) => !reading.test(operation))
      .map(({ operation, region }) => `${operation} ${region}`)
      .sort()
  const lastCall = async (): Promise<number> => (await ground.rehearsal.journal()).at(-1)!.number

  before(async () => {
    for (const region of regions) ec2.set(region, new EC2Client({ region }))
    other = await makeAccount(ground, 'distribution')
    const asked = {
      Filters: [
        { Name: 'name', Values: ['debian-12-*'] },
        { Name: 'architecture', Values: ['x86_64'] },
      ],
    }
    const { Images: [base] = [] } = await ec2.get('us-east-1')!.send(new DescribeImagesCommand(asked))
    const { ImageId } = await ec2.get('us-east-1')!.send(
      new CopyImageCommand({
        Name: 'acme-shop/candidate/web/1.4.2-9f3c2e1a-20260131T120000Z',
        SourceImageId: base!.ImageId!,
        SourceRegion: 'us-east-1',
        TagSpecifications: [
          { ResourceType: 'image', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
        ],
      }),
    )
    candidate = ImageId!
    await until(
      () => describeIn('us-east-1', candidate),
      ({ State }) => State === 'available',
      90,
    )
  })

  describe('to three regions of one account', () => {
    const files = fakeFiles({
      'manifests/images.yaml': `images:\n  web: { regions: [${regions.join(', ')}], public: true, deprecation: 30 }\n`,
    })
    it('does what it can where a region fails, and says which one it is (B02)', async () => {
      const since = await lastCall()
      await ground.rehearsal.fault({ kind: 'error', operation: 'CopyImage', code: 'InternalError', times: 1 })
      const { ports, screen } = portsFor(files)
      assert.equal(await replicate(settings(), ports), 1)
      await ground.rehearsal.calm()
      assert.deepEqual(
        (await changesSince(since)).map((call) => call.split(' ')[0]),
        ['CopyImage', 'CopyImage'],
      )
      assert.match(screen(), /^ {2}us-east-1 +unchanged +ami-/m)
      assert.match(screen(), /^ {2}(?:eu-west-1|ap-south-1) +failed +AWS refused: .*\(InternalError\)$/m)
      assert.match(screen(), /^ {2}(?:eu-west-1|ap-south-1) +done +ami-/m)
    })

    it('copies only what is missing the next time, by its published name and with its tags (B02, G12, G13, G21)', async () => {
      const since = await lastCall()
      const { ports } = portsFor(files)
      assert.equal(await replicate(settings(), ports), 0)
      assert.equal((await changesSince(since)).length, 1)
      for (const region of regions.slice(1)) {
        const { Images = [] } = await ec2.get(region)!.send(new DescribeImagesCommand({ Owners: ['self'] }))
        const [copy] = Images
        assert.deepEqual([Images.length, copy!.Name, copy!.State], [1, name, 'available'])
        const carried = Object.fromEntries(copy!.Tags!.map(({ Key, Value }) => [Key, Value]))
        assert.deepEqual(carried, { ...tags, Name: name, CandidateImageId: candidate })
      }
    })

    it('says that the account blocks public images, and shows nobody anything', async () => {
      const since = await lastCall()
      await assert.rejects(publish(settings(), portsFor(files).ports), /eu-west-1 blocks public sharing of images/)
      assert.deepEqual(await changesSince(since), [])
      for (const client of ec2.values()) await client.send(new DisableImageBlockPublicAccessCommand({}))
      const blocked = () => Promise.all(regions.map((region) => at({ region }).publishing.publicBlocked()))
      await until(blocked, (states) => !states.includes(true), 90)
    })

    it('publishes in all of them, reads them again, and writes down what consumers find (G15, G16, B03)', async () => {
      const { ports, said } = portsFor(files)
      assert.equal(await publish(settings(), ports), 0, said())
      const manifest = await readManifest(files.content.get('manifests/images.json')!)
      assert.deepEqual(Object.keys(manifest['web']!), regions.toSorted())
      for (const [region, [entry]] of Object.entries(manifest['web']!)) {
        const image = await describeIn(region, entry!.id)
        assert.deepEqual([image.Public, image.DeregistrationProtection], [true, 'enabled-without-cooldown'])
        assert.equal(Date.parse(image.DeprecationTime!), Date.parse(entry!.deprecation_time!))
        assert.deepEqual([entry!.name, entry!.public], [image.Name, true])
      }
    })

    it('changes nothing the second time, in one call for the images of each region (B02)', async () => {
      const [since, text] = [await lastCall(), files.content.get('manifests/images.json')]
      const again = portsFor(files)
      assert.equal(await replicate(settings(), again.ports), 0)
      assert.equal(again.screen(), 'web: nothing to do')
      const calls = (await ground.rehearsal.journal(since)).map(({ operation, region }) => `${operation} ${region}`)
      assert.deepEqual(calls.filter((call) => !call.endsWith('us-east-1')).sort(), [
        'DescribeImages ap-south-1',
        'DescribeImages eu-west-1',
      ])
      assert.equal(await publish(settings(), again.ports), 0)
      assert.equal(again.screen(), 'web: nothing to do')
      assert.deepEqual(await changesSince(since), [])
      assert.equal(files.content.get('manifests/images.json'), text)
    })
  })

  it('is encrypted under the key that the region has of the name, and goes nowhere without one (B03)', async () => {
    const region = 'eu-central-1'
    const files = fakeFiles({ 'manifests/images.yaml': `images:\n  web: { regions: [${region}] }\n` })
    const without = portsFor(files)
    assert.equal(await replicate(settings(), without.ports), 1)
    assert.match(
      without.screen(),
      /eu-central-1 +refused +there is no key alias\/acme-shop to encrypt the copy under$/m,
    )
    const kms = new KMSClient({ region })
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/acme-shop', TargetKeyId: KeyMetadata!.KeyId }))
    const { ports, said } = portsFor(files)
    assert.equal(await replicate(settings(), ports), 0, said())
    assert.equal(await publish(settings(), ports), 0, said())
    const { web } = await readManifest(files.content.get('manifests/images.json')!)
    const { images } = at({ region })
    const [copy] = await images.describe([web![region]![0]!.id])
    assert.deepEqual(copy!.encrypted, copy!.snapshots)
    assert.deepEqual([...(await images.snapshotKeys(copy!.snapshots)).values()], [KeyMetadata!.Arn])
  })

  it('goes to another account by a role there, which copies and shares on (G12, G15)', async () => {
    const yaml = `accounts:
  distribution: { account: "${other.id}", role: OrganizationAccountAccessRole, regions: [us-east-1, eu-west-1] }
  customer: { account: "333333333333" }
images:
  web: { account: distribution, encryption: false, shareWith: [customer] }
`
    const files = fakeFiles({ 'manifests/images.yaml': yaml })
    const { ports, said } = portsFor(files)
    assert.equal(await replicate(settings(), ports), 0, said())
    assert.equal(await publish(settings(), ports), 0, said())
    const { web } = await readManifest(files.content.get('manifests/images.json')!)
    for (const [region, [entry]] of Object.entries(web!)) {
      const there = at({ region, account: other.id, role: 'OrganizationAccountAccessRole' })
      const [image] = await there.images.describe([entry!.id])
      assert.deepEqual([image!.account, image!.name, image!.tags['Commit']], [other.id, name, 'c0ffee1'])
      assert.deepEqual(await there.publishing.sharedWith(entry!.id), ['333333333333'])
    }
  })
})
