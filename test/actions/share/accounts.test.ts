import assert from 'node:assert/strict'
import { showAccounts } from '../../../scripts/actions/share/show-accounts.ts'
import { throttled } from '../../../scripts/core/access/errors.ts'
import { targetDenied } from '../../../scripts/core/access/credential-errors.ts'
import { RigletError } from '../../../scripts/core/errors.ts'
import { prod, settings, stage, world, yaml } from './world.ts'

const target = { region: 'us-east-1', account: prod, role: 'riglet/consumer', externalId: 'acme-prod' }
const refused = targetDenied(target, new RigletError('ACCESS_DENIED', 'not authorized to perform: sts:AssumeRole'))

describe('accounts', () => {
  it('prints what each has to deploy, and that each role answers, by nothing but a session of it (A06)', async () => {
    const { ports, places, screen } = world()
    assert.equal(await showAccounts(settings, ports), 0)
    const lines = screen().split('\n')
    assert.equal(lines[0], 'hub  222222222222  publishes images  riglet/hub answers')
    assert.match(
      lines[1]!,
      /^ {2}aws cloudformation deploy --template-file cloudformation\/accounts\/distribution\.yaml /,
    )
    assert.ok(lines.includes('stage  333333333333  images are shared with it  riglet/consumer answers'))
    assert.deepEqual(
      places.calls.map((call) => call.split(' ')[0]),
      ['caller', 'caller', 'caller'],
    )
  })

  it('names the role that does not let us in, what to do, and the command that makes it', async () => {
    const { ports, places, screen } = world()
    places.fail(`${prod} us-east-1`, 'caller', refused)
    assert.equal(await showAccounts(settings, ports), 1)
    const [, told = ''] = /^(prod[\s\S]*)/m.exec(screen())!
    assert.match(told, /^prod {2}444444444444 {2}images are shared with it {2}riglet\/consumer refused\n/)
    assert.match(
      told.replaceAll(/\s+/g, ' '),
      /role\/riglet\/consumer does not let this account in: not authorized .* trust policy has to name who asks, and the external id/,
    )
    assert.match(told, /ExternalId=acme-prod/)
  })

  it('takes one that cannot be asked as unchecked, and all of it as data where that is asked for', async () => {
    const { ports, places, screen } = world()
    places.fail(`${stage} us-east-1`, 'caller', throttled('Rate exceeded', new Error('x')))
    assert.equal(await showAccounts({ ...settings, JSON: '1' }, ports), 1)
    const { accounts } = JSON.parse(screen()) as { accounts: { name: string; state: string; command: string }[] }
    assert.deepEqual(
      accounts.map(({ name, state }) => [name, state]),
      [
        ['hub', 'answers'],
        ['stage', 'unchecked'],
        ['prod', 'answers'],
      ],
    )
    assert.ok(accounts.every(({ command }) => command.startsWith('aws cloudformation deploy ')))
  })

  it('says what images.yaml does not say yet, and that an account without a role needs none', async () => {
    const open = yaml
      .replace(', externalId: acme-hub', '')
      .replace('share:', '  guest: { account: "555555555555" }\nshare:')
    const { ports, screen } = world(open)
    assert.equal(await showAccounts(settings, ports), 1)
    assert.match(screen(), /^hub .* riglet\/hub answers\n {4}images\.yaml does not say externalId: a word that only/m)
    assert.match(screen(), /^guest {2}555555555555 {2}needs no role for what images\.yaml says {2}no role$/m)
    await assert.rejects(showAccounts(settings, world('images:\n').ports), { code: 'NOT_FOUND' })
  })
})
