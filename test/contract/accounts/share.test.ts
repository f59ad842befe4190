import assert from 'node:assert/strict'
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeImagesCommand,
  ModifyImageAttributeCommand,
  RunInstancesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2'
import { CreateAliasCommand, CreateKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import { planCleanImages } from '../../../scripts/actions/cleaning/clean-images.ts'
import { planRevoke } from '../../../scripts/actions/revocation/revoke.ts'
import { showAccounts } from '../../../scripts/actions/share/show-accounts.ts'
import { planShares, share } from '../../../scripts/actions/share/share.ts'
import type { Identity } from '../../../scripts/aws/client/clients.ts'
import type { Account } from '../../../rehearsal/contract/support/accounts.ts'
import { allow, policy } from '../../../rehearsal/contract/support/roles.ts'
import { loadTemplate } from '../../templates/support/template.ts'
import { statementsOf } from '../../templates/support/statements.ts'
import { refusal } from '../rehearsal.ts'
import { accountsOn, asksForReferences, homeAccount, settings, tags } from './world.ts'

const reading = /^(?:Describe|Get|Assume)/

/** The stories with their real ports, under the roles that the templates make, against EC2 of four accounts. */
describe('images that are shared with other accounts', function () {
  this.timeout(240_000)
  const { ground, asRole, taken, portsFor, deploy, imageIn, home, makeAccount, lastCall, askedBy } = accountsOn()
  let [hub, stage, prod]: Account[] = []
  let runner: () => Promise<Identity>
  let [candidate, east, west] = ['', '', '']
  let yaml = ''

  const tagsIn = async ({ ec2 }: { readonly ec2: EC2Client }, id: string) => {
    const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [id] }))
    return Object.fromEntries((Images![0]!.Tags ?? []).map(({ Key, Value }) => [Key, Value]))
  }
  const changesSince = async (since: number): Promise<readonly string[]> =>
    (await ground.rehearsal.journal(since))
      .filter(({ operation }) => !reading.test(operation))
      .map(({ operation, region }) => `${operation} ${region}`)
      .sort()
  /** As the role is held by somebody who has taken it. */
  const inStage = () => taken(runner, `arn:aws:iam::${stage!.id}:role/riglet/consumer`, 'acme-stage')

  before(async () => {
    ;[hub, stage, prod] = [await makeAccount('hub'), await makeAccount('stage'), await makeAccount('prod')]
    runner = await asRole('runner')
    ;[candidate, east, west] = await Promise.all([
      imageIn(home(), 'us-east-1', 'acme-shop/candidate/web/1.4.2-9f3c2e1a-20260131T120000Z'),
      imageIn(hub, 'us-east-1', 'acme-shop/web/1.4.2-9f3c2e1a'),
      imageIn(hub, 'eu-west-1', 'acme-shop/web/1.4.2-9f3c2e1a'),
    ])
    yaml = `accounts:
  hub: { account: "${hub.id}", role: riglet/distribution, externalId: acme-hub, regions: [us-east-1, eu-west-1] }
  stage:
    account: "${stage.id}"
    role: riglet/consumer
    externalId: acme-stage
    regions: [us-east-1, eu-west-1]
    tags: { Payer: stage }
  prod: { account: "${prod.id}", role: riglet/consumer, externalId: acme-prod, regions: [us-east-1] }
share:
  candidates: { match: { name: /candidate/web/ }, with: [stage], tags: { Tier: web } }
  releases: { from: hub, match: { name: ^acme-shop/web/, tags: { Image: web } }, with: [stage, prod] }
`
  })

  it('need roles that answer: each that does not is named, with the command that makes it', async () => {
    const { ports, screen } = portsFor(yaml, runner)
    assert.equal(await showAccounts(settings, ports), 1)
    assert.equal([...screen().matchAll(/ riglet\/(?:consumer|distribution) refused$/gm)].length, 3)
    assert.equal(
      [...screen().matchAll(/^ {2}aws cloudformation deploy .* TrustedRoles=arn:aws:iam::123456789012:role\/runner /gm)]
        .length,
      3,
    )
  })

  it('and once each account has deployed its one stack, the riglet is let in, and nobody else is (A06)', async () => {
    await deploy('hub', yaml, hub!)
    await deploy('stage', yaml, stage!)
    await deploy('prod', yaml, prod!)
    const { ports, screen } = portsFor(yaml, runner)
    assert.equal(await showAccounts(settings, ports), 0, screen())
    const others = portsFor(yaml, await asRole('other'))
    assert.equal(await showAccounts(settings, others.ports), 1)
    assert.equal([...others.screen().matchAll(/ refused$/gm)].length, 3)
    const unnamed = portsFor(yaml.replaceAll('externalId: acme-', 'externalId: someone-'), runner)
    assert.equal(await showAccounts(settings, unnamed.ports), 1)
    assert.equal([...unnamed.screen().matchAll(/ refused$/gm)].length, 3)
  })

  it('are shown before anything is changed (A21)', async () => {
    const since = await lastCall()
    const { ports, screen } = portsFor(yaml, runner)
    assert.equal(await planShares(settings, ports), 0, screen())
    assert.match(screen(), new RegExp(`^  \\+ prod ${prod!.id} us-east-1$`, 'm'))
    assert.deepEqual(await changesSince(since), [])
  })

  it('come to each account in its own regions, tagged there as they are tagged here (A05, A06, A07, A08, A20, B16)', async () => {
    const { ports, said, screen } = portsFor(yaml, runner)
    assert.equal(await share(settings, ports), 0, `${screen()}\n${said()}`)
    const ours = { ...tags, ManagedBy: 'riglet acme-shop' }
    assert.deepEqual(await tagsIn(stage!.in(), candidate!), { ...ours, Tier: 'web', Payer: 'stage' })
    assert.deepEqual(await tagsIn(stage!.in(), east!), { ...ours, Payer: 'stage' })
    assert.deepEqual(await tagsIn(stage!.in('eu-west-1'), west!), { ...ours, Payer: 'stage' })
    assert.deepEqual(await tagsIn(prod!.in(), east!), ours)
    assert.deepEqual(await tagsIn(home().in(), candidate!), tags)
    assert.equal((await refusal(tagsIn(prod!.in('eu-west-1'), west!))).code, 'InvalidAMIID.NotFound')
    assert.equal((await refusal(tagsIn(prod!.in(), candidate!))).code, 'InvalidAMIID.NotFound')
  })

  it('are as they should be the second time, in one call for each place (A18, A21)', async () => {
    const since = await lastCall()
    const { ports, screen } = portsFor(yaml, runner)
    assert.equal(await share(settings, ports), 0)
    assert.equal(screen(), 'share: nothing to do')
    assert.deepEqual(await changesSince(since), [])
    const calls = (await ground.rehearsal.journal(since)).map(({ operation }) => operation)
    assert.equal(calls.filter((operation) => operation === 'DescribeImages').length, 6)
  })

  it('come to production also where stage has taken its role away, and to stage once it is back (A02, A18)', async () => {
    const since = await lastCall()
    await home()
      .in()
      .ec2.send(new CreateTagsCommand({ Resources: [candidate!], Tags: [{ Key: 'Tested', Value: 'yes' }] }))
    await hub!.in().ec2.send(new CreateTagsCommand({ Resources: [east!], Tags: [{ Key: 'Tested', Value: 'yes' }] }))
    const gone = portsFor(yaml.replace('externalId: acme-stage', 'externalId: gone'), runner)
    assert.equal(await share(settings, gone.ports), 1)
    assert.match(
      gone.screen(),
      /stage \d+ us-east-1 +ami-\w+ +unchecked +arn:aws:iam::\d+:role\/riglet\/consumer does not let/,
    )
    assert.equal((await tagsIn(prod!.in(), east!))['Tested'], 'yes')
    assert.equal((await tagsIn(stage!.in(), east!))['Tested'], undefined)
    const back = portsFor(yaml, runner)
    assert.equal(await share(settings, back.ports), 0)
    assert.equal((await tagsIn(stage!.in(), candidate!))['Tested'], 'yes')
    assert.equal((await changesSince(since)).filter((call) => call.startsWith('ModifyImageAttribute')).length, 0)
  })

  it('are all that the role in another account may touch, in its regions alone (A05)', async () => {
    const role = await inStage()
    const { ec2 } = role()
    const Tags = [{ Key: 'Own', Value: 'x' }]
    const own = await imageIn(stage!, 'us-east-1', 'their own')
    const denied = async (call: Promise<unknown>): Promise<void> =>
      assert.equal((await refusal(call)).code, 'UnauthorizedOperation')
    await denied(ec2.send(new CreateTagsCommand({ Resources: [own], Tags })))
    await denied(ec2.send(new DeleteTagsCommand({ Resources: [own], Tags: [{ Key: 'Commit' }] })))
    await denied(
      ec2.send(new ModifyImageAttributeCommand({ ImageId: own, LaunchPermission: { Add: [{ UserId: homeAccount }] } })),
    )
    await denied(
      ec2.send(new RunInstancesCommand({ ImageId: east!, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 })),
    )
    await denied(role('ap-south-1').ec2.send(new DescribeImagesCommand({ Owners: ['self'] })))
    await ec2.send(new DeleteTagsCommand({ Resources: [east!], Tags: [{ Key: 'Payer' }] }))
    assert.equal((await tagsIn(stage!.in(), east!))['Payer'], undefined)
  })

  it('are not shared under a key that is closed to the account, nor under the one that AWS manages (B10)', async () => {
    const { kms } = home().in()
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
    const arn = KeyMetadata!.Arn!
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/acme-shop', TargetKeyId: arn }))
    const base = { SourceImageId: candidate!, Encrypted: true }
    const [closed, managed] = await Promise.all([
      imageIn(home(), 'us-east-1', 'acme-shop/candidate/db/1', { ...base, KmsKeyId: arn }),
      imageIn(home(), 'us-east-1', 'acme-shop/candidate/db/2', base),
    ])
    const text = yaml.replace('/candidate/web/', '/candidate/db/')
    const only = { ...settings, NAME: 'candidates' }
    const since = await lastCall()
    const first = portsFor(text, runner)
    assert.equal(await share(only, first.ports), 1)
    assert.match(
      first.screen(),
      new RegExp(`${closed} +refused +${closed} is encrypted under ${arn}, which ${stage!.id} cannot use`),
    )
    assert.match(first.screen(), new RegExp(`${managed} +refused +${managed} is encrypted under aws/ebs `))
    assert.deepEqual(await changesSince(since), [])

    const owner = { ...allow('kms:*'), Principal: { AWS: `arn:aws:iam::${homeAccount}:root` } }
    const guest = {
      ...allow(['kms:DescribeKey', 'kms:CreateGrant']),
      Principal: { AWS: `arn:aws:iam::${stage!.id}:root` },
    }
    await kms.send(new PutKeyPolicyCommand({ KeyId: arn, PolicyName: 'default', Policy: policy(owner, guest) }))
    const second = portsFor(text, runner)
    assert.equal(await share(only, second.ports), 1)
    assert.match(second.screen(), new RegExp(`${closed} +done$`, 'm'))
    assert.equal((await tagsIn(stage!.in(), closed!))['Commit'], 'c0ffee1')
  })

  it('stay for whoever uses them there, which the role lets riglet look at (B08, B13)', async () => {
    const clean = portsFor(yaml, runner)
    assert.equal(await planCleanImages({ ...settings, KEEP_DAYS: '0' }, clean.ports), 0, clean.screen())
    const revoke = portsFor(yaml, runner)
    const order = { ...settings, IMAGE_ID: candidate!, REASON: 'CVE-2026-1234' }
    assert.equal(await planRevoke(order, revoke.ports), 0, revoke.screen())
  })

  it('are all that the role there was asked for: what its template allows, and nothing besides (A05)', async () => {
    const refused = ['ec2:ModifyImageAttribute', 'ec2:RunInstances']
    const used = new Set((await askedBy('consumer')).flatMap(({ actions }) => actions))
    const allowed = statementsOf(await loadTemplate('accounts/consumer')).flatMap(({ actions }) => actions)
    const own = allowed.filter((action) => !asksForReferences.includes(action))
    assert.deepEqual([...used].filter((action) => !refused.includes(action)).sort(), own.toSorted())
  })
})
