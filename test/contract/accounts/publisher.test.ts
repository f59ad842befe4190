import assert from 'node:assert/strict'
import {
  CopyImageCommand,
  CreateTagsCommand,
  DescribeImagesCommand,
  DisableImageCommand,
  EnableImageDeregistrationProtectionCommand,
  ModifyImageAttributeCommand,
} from '@aws-sdk/client-ec2'
import { CreateAliasCommand, CreateKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { cleanImages } from '../../../scripts/actions/cleaning/clean-images.ts'
import { findPublished } from '../../../scripts/actions/distribution/find-published.ts'
import { promote } from '../../../scripts/actions/distribution/promote.ts'
import { publish } from '../../../scripts/actions/distribution/publish.ts'
import { replicate } from '../../../scripts/actions/distribution/replicate.ts'
import { rollbackChannel } from '../../../scripts/actions/distribution/rollback-channel.ts'
import { publishVerb } from '../../../scripts/actions/restoration/publish-verbs.ts'
import { revoke } from '../../../scripts/actions/revocation/revoke.ts'
import { unrevoke } from '../../../scripts/actions/revocation/unrevoke.ts'
import { share } from '../../../scripts/actions/share/share.ts'
import type { Identity } from '../../../scripts/aws/client/clients.ts'
import type { Account } from '../../../rehearsal/contract/support/accounts.ts'
import { allow, policy } from '../../../rehearsal/contract/support/roles.ts'
import { fakeGit } from '../../fakes/checkout.ts'
import { statementsOf } from '../../templates/support/statements.ts'
import { loadTemplate } from '../../templates/support/template.ts'
import { refusal, until } from '../rehearsal.ts'
import { accountsOn, asksForReferences, homeAccount, settings, tags } from './world.ts'

/** An account that images are shared with, and that gives no role. */
const guest = '555555555555'

/** And of keys, for whoever copies: copies from a key to another, and from none to one, hold it. */
const byEc2 = [
  ...asksForReferences,
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
]

/** All that riglet does in an account that publishes, under the role that the template makes. */
describe('an account that publishes, by the role of its template', function () {
  this.timeout(300_000)
  const { ground, asRole, taken, portsFor, deploy, imageIn, home, makeAccount, askedBy } = accountsOn()
  let [hub, stage]: Account[] = []
  let runner: () => Promise<Identity>
  let [closed, bare] = ['', '']
  let yaml = ''
  const files = new Map<string, string>()

  const on = (text: string, release = 'v1.4.2') => {
    const world = portsFor(text, runner, { git: fakeGit([], undefined, [release]) })
    for (const [path, content] of files) world.files.content.set(path, content)
    return world
  }
  const of = (IMAGE: string, IMAGE_ID: string) => ({ ...settings, IMAGE, IMAGE_ID })
  const image = (more: string): string => `${yaml}images:\n  web: { account: hub, shareWith: [guest], ${more} }\n`

  /** A key that another account may use, too. */
  const makeKey = async (account: Account, region: string, guest: string): Promise<string> => {
    const { kms } = account.in(region)
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
    const KeyId = KeyMetadata!.Arn!
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/acme-shop', TargetKeyId: KeyId }))
    const owner = { ...allow('kms:*'), Principal: { AWS: `arn:aws:iam::${account.id}:root` } }
    const rights = ['kms:Decrypt', 'kms:DescribeKey', 'kms:CreateGrant', 'kms:ReEncrypt*']
    const copier = { ...allow(rights), Principal: { AWS: `arn:aws:iam::${guest}:root` } }
    await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy: policy(owner, copier) }))
    return KeyId
  }

  before(async () => {
    ;[hub, stage] = [await makeAccount('hub'), await makeAccount('stage')]
    runner = await asRole('runner')
    const KmsKeyId = await makeKey(home(), 'us-east-1', hub.id)
    await makeKey(hub, 'us-east-1', guest)
    await makeKey(hub, 'eu-west-1', guest)
    const inputs = (Inputs: string) => ({
      TagSpecifications: [
        {
          ResourceType: 'image',
          Tags: Object.entries({ ...tags, Inputs }).map(([Key, Value]) => ({ Key, Value })),
        },
      ],
    })
    ;[closed, bare] = await Promise.all([
      imageIn(home(), 'us-east-1', 'acme-shop/candidate/web/1', {
        ...inputs('a'.repeat(64)),
        Encrypted: true,
        KmsKeyId,
      }),
      imageIn(home(), 'us-east-1', 'acme-shop/candidate/web/2', inputs('b'.repeat(64))),
    ])
    yaml = `accounts:
  hub: { account: "${hub.id}", role: riglet/distribution, externalId: acme-hub, regions: [us-east-1, eu-west-1] }
  stage: { account: "${stage.id}", role: riglet/consumer, externalId: acme-stage, regions: [us-east-1] }
  guest: { account: "${guest}" }
`
    await deploy('hub', image(''), hub)
  })

  it('looks for the alarm between two waves (B17)', async () => {
    const { ports, said } = on(image('waves: [{ regions: [us-east-1], alarm: loud }]'))
    assert.equal(await replicate(of('web', closed!), ports), 1)
    assert.match(said(), /^! Held back: \d+ eu-west-1: there is no alarm loud in \d+ us-east-1$/m)
  })

  it('gets copies under its own key, and takes away one that failed (G12, B02)', async () => {
    await ground.rehearsal.fault({
      kind: 'failure',
      service: 'ec2',
      operation: 'CopyImage',
      region: 'eu-west-1',
      times: 1,
    })
    const first = on(image(''))
    assert.equal(await replicate(of('web', closed!), first.ports), 1)
    await ground.rehearsal.calm()
    const second = on(image(''))
    assert.equal(await replicate(of('web', closed!), second.ports), 0, second.said())
    const third = on(image('encryption: true'))
    assert.equal(await replicate(of('web', bare!), third.ports), 0, third.said())
  })

  it('publishes, shares, protects and deprecates them, and undoes a deprecation (G15, G16)', async () => {
    const due = on(image('deprecation: 30'))
    assert.equal(await publish(of('web', closed!), due.ports), 0, due.said())
    const never = on(image(''))
    assert.equal(await publish(of('web', closed!), never.ports), 0, never.said())
    files.set('manifests/images.json', never.files.content.get('manifests/images.json')!)
  })

  it('tells that it blocks public images', async () => {
    const text = image('public: true').replace('shareWith: [guest], ', '')
    const open = on(text)
    await assert.rejects(publish(of('web', bare!), open.ports), /cannot be published/)
  })

  it('has channels that go forth and back, and answer (G18, G34)', async () => {
    const channel = { ...of('web', ''), CHANNEL: 'stable' }
    for (const release of ['v1.4.2', 'v1.5.0']) {
      const world = on(image(''), release)
      assert.equal(await promote(channel, world.ports), 0, world.screen())
    }
    assert.equal(await rollbackChannel({ ...channel, REASON: 'logins fail' }, on(image('')).ports), 0)
    const asked = on(image(''))
    await findPublished({ ...channel, REGION: 'eu-west-1' }, asked.ports)
    assert.match(asked.screen(), /^ami-[0-9a-f]+$/)
  })

  it('lets images be shared as they are (A06)', async () => {
    const text = `${image('')}share:\n  web: { from: hub, match: { name: ^acme-shop/web/ }, with: [stage] }\n`
    await deploy('stage', text, stage!)
    const { ports, screen } = on(text)
    // The key of the copies is not open to stage.
    assert.equal(await share(settings, ports), 1)
    assert.match(screen(), new RegExp(`which ${stage!.id} cannot use: `))
  })

  it('has a reverted manifest published again (G22)', async () => {
    const { web } = JSON.parse(files.get('manifests/images.json')!) as {
      web: Record<string, { id: string }>
    }
    const ImageId = web['eu-west-1']!.id
    await hub!.in('eu-west-1').ec2.send(new DisableImageCommand({ ImageId }))
    const again = on(image(''))
    const reverted = { ...settings, MANIFEST: 'manifests/images.json' }
    assert.equal(await publishVerb(reverted, again.ports), 0, again.said())
  })

  it('has images revoked and taken back, and names who runs them (B13)', async () => {
    const of = { ...settings, IMAGE_ID: closed! }
    const revoked = on(image(''))
    assert.equal(await revoke({ ...of, REASON: 'CVE-2026-1234' }, revoked.ports), 0, revoked.screens())
    const back = on(image(''))
    assert.equal(await unrevoke(of, back.ports), 0, back.screens())
  })

  it('has images cleaned up that nothing refers to (B08)', async () => {
    const { ec2 } = hub!.in('eu-west-1')
    const ImageId = await imageIn(hub!, 'eu-west-1', 'acme-shop/web/left')
    await ec2.send(new EnableImageDeregistrationProtectionCommand({ ImageId }))
    const rules = { ...settings, KEEP_DAYS: '0', DISABLED_DAYS: '0', NAME_PATTERN: '/left$' }
    const Filters = [{ Name: 'image-id', Values: [ImageId] }]
    // EC2 is asked who uses it, it is disabled, and then deregistered: a run each, once the report is there.
    await until(
      async () => {
        const cleaned = on(image(''))
        assert.equal(await cleanImages(rules, cleaned.ports), 0, cleaned.screens())
        const { Images } = await ec2.send(new DescribeImagesCommand({ Filters, IncludeDisabled: true }))
        return Images!.length
      },
      (left) => left === 0,
    )
  })

  it('was asked for all that its template allows, and for nothing besides', async () => {
    const asked = await askedBy('distribution')
    assert.deepEqual(
      asked.filter(({ error }) => /Denied|Unauthorized/.test(error)).map(({ operation }) => operation),
      [],
    )
    const used = new Set(asked.flatMap(({ actions }) => actions))
    const statements = statementsOf(await loadTemplate('accounts/distribution'))
    const allowed = new Set(statements.flatMap(({ actions }) => actions))
    assert.deepEqual([...used].sort(), [...allowed].filter((action) => !byEc2.includes(action)).sort())
    assert.deepEqual(
      byEc2.filter((action) => !allowed.has(action)),
      [],
    )
  })

  it('lets nobody share, tag or move what is not the riglet’s', async () => {
    const role = await taken(runner, `arn:aws:iam::${hub!.id}:role/riglet/distribution`, 'acme-hub')
    const { ec2, ssm } = role()
    const denied = async (call: Promise<unknown>): Promise<void> =>
      assert.match((await refusal(call)).code, /^(?:UnauthorizedOperation|AccessDeniedException)$/)
    const ImageId = await imageIn(hub!, 'us-east-1', 'their own', { TagSpecifications: [] })
    await denied(
      ec2.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [{ UserId: homeAccount }] } })),
    )
    const own = ['Owner', 'Project'].map((Key) => ({ Key, Value: Key === 'Owner' ? 'acme' : 'shop' }))
    await denied(ec2.send(new CreateTagsCommand({ Resources: [ImageId], Tags: own })))
    await denied(
      ec2.send(
        new CopyImageCommand({
          Name: 'x',
          SourceImageId: ImageId,
          SourceRegion: 'us-east-1',
          TagSpecifications: [{ ResourceType: 'image', Tags: [{ Key: 'Owner', Value: 'x' }] }],
        }),
      ),
    )
    await denied(
      ssm.send(new PutParameterCommand({ Name: '/acme/shop/freeze/production/web', Value: 'x', Type: 'String' })),
    )
    const far = role('ap-south-1').ec2
    await denied(far.send(new CopyImageCommand({ Name: 'x', SourceImageId: bare!, SourceRegion: 'us-east-1' })))
  })
})
