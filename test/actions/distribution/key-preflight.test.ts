import assert from 'node:assert/strict'
import { planReplicate, replicate } from '../../../scripts/actions/distribution/replicate.ts'
import { groupOperations, groupRole } from '../../../scripts/core/distribution/key-use.ts'
import { RigletError } from '../../../scripts/core/errors.ts'
import { homeAccount } from '../../fakes/places.ts'
import { candidate, settings, world } from './world.ts'

const encrypted = { ...candidate, encrypted: candidate.snapshots }

const customer = '333333333333'
const partner = '444444444444'
const yaml = `accounts:
  customer: { account: "${customer}" }
  partner: { account: "${partner}" }
images:
  web: { regions: [eu-west-1, ap-south-1], shareWith: [customer, partner] }
`
const lets = (...accounts: readonly string[]): string =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { AWS: accounts }, Action: 'kms:*', Resource: '*' }] })
const groupsOf = (...accounts: readonly string[]) =>
  accounts.map((account) => ({ grantee: groupRole(account), operations: [...groupOperations] }))

describe('an encrypted image for other accounts', () => {
  it('is copied nowhere before all that its consumers lack is told, place by place (B10)', async () => {
    const { ports, places, terminal } = world(yaml)
    places.uses.set(`${homeAccount} ap-south-1`, { policy: lets(customer), grants: [] })
    assert.equal(await replicate(settings, ports), 1)
    const screen = terminal.shown.join('\n').replaceAll(/\s+/g, ' ')
    assert.match(
      screen,
      /eu-west-1 333333333333 could launch nothing from it: .* kms:CreateGrant, .*; 444444444444 could/,
    )
    assert.match(screen, /ap-south-1 444444444444 could launch nothing from it/)
    assert.match(
      screen,
      /note: Auto Scaling groups of 333333333333 cannot launch from it .*create-grant --region ap-south-1/,
    )
    assert.equal(places.count('copy'), 0)
  })

  it('is copied where they may use the key, and the plan says whose groups may not (B10)', async () => {
    const { ports, places, screen } = world(yaml)
    const use = { policy: lets(customer, partner), grants: groupsOf(customer) }
    for (const region of ['eu-west-1', 'ap-south-1']) places.uses.set(`${homeAccount} ${region}`, use)
    assert.equal(await planReplicate(settings, ports), 0)
    const told = screen().replaceAll(/\s+/g, ' ')
    assert.equal(told.match(/note: Auto Scaling groups of 444444444444 cannot launch/g)?.length, 2)
    assert.doesNotMatch(told, /groups of 333333333333/)
    assert.equal(await replicate(settings, ports), 0)
    assert.equal(places.count('copy'), 2)
    places.calls.length = 0
    assert.equal(await replicate(settings, ports), 0)
    assert.equal(places.count('use'), 0)
  })

  it('is said to be unchecked where the key may not be read, and is copied (B10)', async () => {
    const { ports, places, screen } = world(yaml)
    for (const region of ['eu-west-1', 'ap-south-1'])
      places.fail(`${homeAccount} ${region}`, 'use', new RigletError('ACCESS_DENIED', 'kms:GetKeyPolicy is denied'))
    assert.equal(await planReplicate(settings, ports), 0)
    assert.match(
      screen().replaceAll(/\s+/g, ' '),
      /not checked whether 333333333333, 444444444444 may use the key alias\/acme-shop: kms:GetKeyPolicy is denied/,
    )
  })

  it('for an organization is unchecked: its accounts are not known (B10)', async () => {
    const organization = 'arn:aws:organizations::111111111111:organization/o-abcdefghij'
    const { ports, screen } = world(`images:\n  web: { regions: [eu-west-1], shareWith: ['${organization}'] }\n`)
    assert.equal(await planReplicate(settings, ports), 0)
    assert.match(
      screen().replaceAll(/\s+/g, ' '),
      /not checked whether the accounts of arn:aws:organizations\S+ may use/,
    )
  })

  it('is looked at where it lies itself, too, for no copy will be made of it there (B10)', async () => {
    const { ports, screen } = world(yaml.replace('[eu-west-1, ap-south-1]', '[us-east-1]'), undefined, [encrypted])
    assert.equal(await planReplicate(settings, ports), 1)
    assert.match(screen().replaceAll(/\s+/g, ' '), /us-east-1 333333333333 could launch nothing from it/)
  })
})
