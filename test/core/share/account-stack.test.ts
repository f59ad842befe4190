import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { deployCommand, desiredAccounts, trustedRoles } from '../../../scripts/core/share/account-stack.ts'
import { desired, riglet } from './support.ts'

const account = '111111111111'
const home = { riglet, account, region: 'us-east-1', caller: `arn:aws:sts::${account}:assumed-role/ci/run-1` }
const share = 'web: { match: { name: web }, with: [stage] }\n  hub: { from: hub, match: { name: web }, with: [stage] }'
const named = (more = 'trusted: [acme/publisher, acme/ci]\n') =>
  new Map(desiredAccounts(desired(share, more), home).map((one) => [one.name, one]))

describe('what another account deploys', () => {
  it('is the role that images.yaml names, with its external id, for the roles and owners that it is about (A06)', () => {
    const { template, name, region, parameters } = named().get('stage')!.stack!
    assert.deepEqual(
      [template, name, region],
      ['cloudformation/accounts/consumer.yaml', 'acme-shop-consumer', 'us-east-1'],
    )
    assert.deepEqual(parameters, {
      Owner: 'acme',
      Project: 'shop',
      Riglet: 'acme-shop',
      RigletAccount: account,
      RolePath: '/riglet/',
      RoleName: 'consumer',
      ExternalId: 'acme-stage',
      TrustedRoles: `arn:aws:iam::${account}:role/acme/publisher,arn:aws:iam::${account}:role/acme/ci`,
      Regions: 'us-east-1,eu-west-1',
      ImageOwners: '111111111111,222222222222',
    })
  })

  it('is another role where it publishes, and nothing where it is merely named (A02)', () => {
    const { hub, prod } = Object.fromEntries(named())
    assert.deepEqual([hub!.purpose, hub!.stack!.template], ['publishes', 'cloudformation/accounts/distribution.yaml'])
    assert.deepEqual([prod!.purpose, prod!.stack], ['named', undefined])
  })

  it('has exactly the parameters of its template', () => {
    for (const one of ['stage', 'hub']) {
      const { template, parameters } = named().get(one)!.stack!
      const [, section = ''] = /^Parameters:\n([\s\S]*?)^Resources:/m.exec(readFileSync(template, 'utf8'))!
      const taken = [...section.matchAll(/^ {2}(\w+):$/gm)].map(([, name]) => name!)
      assert.deepEqual(Object.keys(parameters).sort(), taken.sort())
    }
  })

  it('is one line to be run there, quoted where a shell would read it otherwise', () => {
    const sso = { ...home, caller: `arn:aws:sts::${account}:assumed-role/AWSReservedSSO_Admin_0a1b/ann` }
    const [stage] = desiredAccounts(desired(share), sso).filter(({ name }) => name === 'stage')
    const command = deployCommand(stage!.stack!)
    assert.match(
      command,
      /^aws cloudformation deploy --template-file \S+ --stack-name acme-shop-consumer --region us-east-1 /,
    )
    assert.match(
      command,
      / 'TrustedRoles=arn:aws:iam::111111111111:role\/aws-reserved\/sso\.amazonaws\.com\/\*AWSReservedSSO_Admin_0a1b' Regions=us-east-1,eu-west-1 /,
    )
  })

  it('waits for what images.yaml does not say: the external id, and who runs riglet where that is the root user', () => {
    const text = desired(share)
    const hub = { ...text.accounts['hub']! }
    delete (hub as { externalId?: string }).externalId
    const root = { ...home, caller: `arn:aws:iam::${account}:root` }
    const all = desiredAccounts({ ...text, accounts: { ...text.accounts, hub } }, root)
    assert.deepEqual(
      all.map(({ name, missing, stack }) => [name, missing, stack]),
      [
        ['hub', ['externalId', 'trusted'], undefined],
        ['stage', ['trusted'], undefined],
        ['prod', [], undefined],
      ],
    )
  })

  it('lets in who asks, where images.yaml names nobody', () => {
    assert.deepEqual(trustedRoles([], home), [`arn:aws:iam::${account}:role/ci`])
    const user = `arn:aws:iam::${account}:user/ann`
    assert.deepEqual(trustedRoles([], { account, caller: user }), [user])
  })
})
