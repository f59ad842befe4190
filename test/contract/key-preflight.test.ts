import assert from 'node:assert/strict'
import { CreateAliasCommand, CreateGrantCommand, CreateKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import { planReplicate, replicate } from '../../scripts/actions/distribution/replicate.ts'
import { makeRegional } from '../../scripts/aws/ports.ts'
import type { Target } from '../../scripts/core/access/target.ts'
import { groupOperations, groupRole, launchActions } from '../../scripts/core/distribution/key-use.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { home, makeAccount, type Account } from '../../rehearsal/contract/support/accounts.ts'
import { copied } from '../../rehearsal/contract/support/images.ts'
import { allow, policy } from '../../rehearsal/contract/support/roles.ts'
import { fakeFiles } from '../fakes/regional.ts'
import { answering } from '../fakes/terminal.ts'
import { insideRehearsal } from './rehearsal.ts'

const region = 'eu-west-1'
const tags = { Owner: 'acme', Project: 'shop', Image: 'web', Version: '1.4.2', Inputs: '9f3c2e1a'.repeat(8) }

/** Keys, policies and grants as KMS keeps them; copies as EC2 makes them. */
describe('an encrypted image for another account', function () {
  this.timeout(120_000)
  const ground = insideRehearsal()
  const clock = makeClock(new AbortController().signal)
  const at = (target: Target) => makeRegional({ region: target.region }, clock)
  let customer: Account
  let candidate = ''
  let KeyId = ''

  const run = async (verb: typeof replicate) => {
    const yaml = `accounts:\n  customer: { account: "${customer.id}" }\nimages:\n  web: { regions: [${region}], shareWith: [customer] }\n`
    const terminal = answering('yes')
    const files = fakeFiles({ 'manifests/images.yaml': yaml })
    const ports = { ...at({ region: 'us-east-1' }), at, clock, files, terminal } as Partial<Ports> as Ports
    const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1', IMAGE: 'web', IMAGE_ID: candidate }
    const since = (await ground.rehearsal.journal()).at(-1)!.number
    const code = await verb(settings, ports)
    const calls = (await ground.rehearsal.journal(since)).map(({ operation }) => operation)
    return { code, calls, screen: terminal.shown.join('\n').replaceAll(/\s+/g, ' ') }
  }

  before(async () => {
    customer = await makeAccount(ground, 'customer')
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
    candidate = await copied(ground.aws, { Name: 'candidate', TagSpecifications: [{ ResourceType: 'image', Tags }] })
    const { kms } = home(ground).in(region)
    KeyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/acme-shop', TargetKeyId: KeyId }))
  })

  it('is not copied while the key lets that account do nothing, and the plan says what it lacks (B10)', async () => {
    const { code, calls, screen } = await run(replicate)
    assert.equal(code, 1)
    assert.match(
      screen,
      new RegExp(`${customer.id} could launch nothing from it: .* does not let that account do kms:`),
    )
    assert.ok(calls.includes('GetKeyPolicy') && calls.includes('ListGrants') && !calls.includes('CopyImage'))
  })

  it('could be launched once the policy names the account, but not by its groups (B10)', async () => {
    const mine = { ...allow('kms:*'), Principal: { AWS: home(ground).id } }
    const theirs = { ...allow([...launchActions, 'kms:ReEncryptTo']), Principal: { AWS: customer.id } }
    const { kms } = home(ground).in(region)
    await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy: policy(mine, theirs) }))
    const { code, screen } = await run(planReplicate)
    assert.equal(code, 0)
    assert.match(
      screen,
      /copy, encrypted under alias\/acme-shop note: Auto Scaling groups of \d+ cannot launch from it/,
    )
    assert.ok(screen.includes(`--key-id ${KeyId} --grantee-principal ${groupRole(customer.id)}`), screen)
  })

  it('is copied with nothing to note once its groups have the grant, and asked about no more (B10)', async () => {
    const asked = { KeyId, GranteePrincipal: groupRole(customer.id), Operations: [...groupOperations] }
    await customer.in(region).kms.send(new CreateGrantCommand(asked))
    const { code, screen } = await run(replicate)
    assert.equal(code, 0, screen)
    assert.doesNotMatch(screen, /note:|not checked/)
    const again = await run(replicate)
    assert.equal(again.code, 0)
    assert.ok(!again.calls.includes('ListGrants'))
  })
})
