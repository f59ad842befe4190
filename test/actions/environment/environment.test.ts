import assert from 'node:assert/strict'
import {
  changeEnvironment,
  environmentSubject,
  planEnvironment,
} from '../../../scripts/actions/environment/environment.ts'
import { showOutputs, showStatus } from '../../../scripts/engine/show-subject.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { fakeFiles, fakePorts, fakeRegion } from '../../fakes/regional.ts'
import { settings, tags, templates } from '../../fakes/riglet.ts'
import { fakeStacks, stackState, type FakeStacks } from '../../fakes/stacks.ts'
import { answering, type FakeTerminal } from '../../fakes/terminal.ts'
import { layers } from '../../../scripts/core/layers/layers.ts'
import { ground, ports, foundation } from './support/environment.ts'

describe('environment', () => {
  it('is created, and found in sync when asked for again', async () => {
    const stacks = fakeStacks()
    const terminal = answering('yes')
    assert.equal(await changeEnvironment('create', settings, ports(stacks, terminal)), 0)
    assert.equal(terminal.shown.at(-1), 'acme-shop staging: created')
    const calls = stacks.calls.length
    const again = answering()
    assert.equal(await changeEnvironment('update', settings, ports(stacks, again)), 0)
    assert.equal(again.shown.at(-1), 'acme-shop staging: in sync, nothing to change')
    assert.ok(stacks.calls.length - calls <= 2)
  })

  it('keeps what an earlier update set, until that is typed empty', async () => {
    const certificate = 'arn:aws:acm:eu-central-1:123456789012:certificate/1'
    const stacks = fakeStacks()
    const set = { ...settings, CERTIFICATE_ARN: certificate, EMAIL_ADDRESS: 'ops@example.com' }
    await changeEnvironment('create', set, ports(stacks, answering('yes')))
    const calls = stacks.calls.length
    const colleague = answering()
    assert.equal(await changeEnvironment('update', settings, ports(stacks, colleague)), 0)
    assert.equal(colleague.shown.at(-1), 'acme-shop staging: in sync, nothing to change')
    assert.deepEqual(stacks.calls.slice(calls), [`find ${ground}`])
    // Somebody sets another one in the console: nothing here speaks of it, so that stays, too.
    const state = stacks.states.get(ground)!
    stacks.states.set(ground, { ...state, parameters: { ...state.parameters, FlowLogs: 'yes' } })
    await changeEnvironment('update', { ...settings, EMAIL_ADDRESS: '' }, ports(stacks, answering('yes')))
    const { EmailAddress, CertificateArn, FlowLogs } = stacks.states.get(ground)!.parameters
    assert.deepEqual([EmailAddress, CertificateArn, FlowLogs], [undefined, certificate, 'yes'])
  })

  describe('whose certificate is typed empty', () => {
    const certificate = 'arn:aws:acm:eu-central-1:123456789012:certificate/1'
    const without = { ...settings, CERTIFICATE_ARN: '' }
    const having = async (more: object = {}) => {
      const stacks = fakeStacks()
      const set = { ...settings, CERTIFICATE_ARN: certificate, ...more }
      await changeEnvironment('create', set, ports(stacks, answering('yes')))
      return stacks
    }

    for (const [what, ask] of [
      [
        'update',
        (terminal: FakeTerminal, stacks: FakeStacks) => changeEnvironment('update', without, ports(stacks, terminal)),
      ],
      ['plan', (terminal: FakeTerminal, stacks: FakeStacks) => planEnvironment(without, ports(stacks, terminal))],
      [
        'update with both at once',
        (terminal: FakeTerminal, stacks: FakeStacks) =>
          changeEnvironment('update', { ...without, HTTP_REDIRECT: 'no' }, ports(stacks, terminal)),
      ],
    ] as const)
      it(`is refused before anything is planned, with the order that works: ${what}`, async () => {
        const stacks = await having()
        const planned = stacks.planned.length
        await assert.rejects(ask(answering('yes'), stacks), ({ code, remedy }: RigletError) => {
          assert.equal(code, 'CHANGE_SET')
          assert.match(
            remedy,
            /ENV=staging HTTP_REDIRECT=no\nmake update-environment ENV=staging CERTIFICATE_ARN= HTTP_REDIRECT=\n/,
          )
          return true
        })
        assert.equal(stacks.planned.length, planned)
      })

    it('loses it once port 80 is free', async () => {
      const stacks = await having({ HTTP_REDIRECT: 'no' })
      const last = { ...without, HTTP_REDIRECT: '' }
      assert.equal(await changeEnvironment('update', last, ports(stacks, answering('yes'))), 0)
      const { CertificateArn, HttpRedirect } = stacks.states.get(ground)!.parameters
      assert.deepEqual([CertificateArn, HttpRedirect], [undefined, undefined])
    })

    it('is asked nothing where it has none', async () => {
      const stacks = fakeStacks()
      await changeEnvironment('create', settings, ports(stacks, answering('yes')))
      assert.equal(await changeEnvironment('update', without, ports(stacks, answering())), 0)
    })
  })

  it('keeps nothing of a creation that failed', async () => {
    const parameters = { CertificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/wrong' }
    const stacks = fakeStacks({ states: [stackState(ground, 'ROLLBACK_COMPLETE', { tags, parameters })] })
    assert.equal(await changeEnvironment('create', settings, ports(stacks, answering('yes', 'yes'))), 0)
    assert.equal(stacks.states.get(ground)!.parameters['CertificateArn'], undefined)
  })

  it('takes a new default of the template, where nobody had set the old one', async () => {
    const older = templates[layers.foundation.template]!
    const newer = older.replace('FlowLogs: { Type: String, Default: ""', 'FlowLogs: { Type: String, Default: "yes"')
    const stacks = fakeStacks()
    await changeEnvironment(
      'create',
      { ...settings, EMAIL_ADDRESS: 'ops@example.com' },
      ports(stacks, answering('yes')),
    )
    const state = stacks.states.get(ground)!
    stacks.states.set(ground, { ...state, parameters: { ...state.parameters, FlowLogs: '', CertificateArn: '' } })
    const region = fakeRegion({ stacks, templates: { [ground]: older } })
    const files = fakeFiles({ ...templates, [layers.foundation.template]: newer })
    await changeEnvironment('update', settings, fakePorts(answering('yes'), region, { files }))
    const { EmailAddress, FlowLogs } = stacks.states.get(ground)!.parameters
    assert.deepEqual([EmailAddress, FlowLogs], ['ops@example.com', undefined])
  })

  it('is not a success when it was declined', async () => {
    const terminal = answering('no')
    assert.equal(await changeEnvironment('create', settings, ports(fakeStacks(), terminal)), 1)
    assert.equal(terminal.shown.at(-1), 'acme-shop staging: nothing was changed')
  })

  it('tells its outcome as data (JSON=1)', async () => {
    const terminal = answering('yes')
    await changeEnvironment('create', { ...settings, JSON: '1' }, ports(fakeStacks(), terminal))
    const outcome = JSON.parse(terminal.shown.join('')) as { type: string }
    assert.equal(outcome.type, 'done')
    assert.match(terminal.said[0]!, /staging foundation: 1 new/)
  })

  it('is planned without leaving anything behind (R46)', async () => {
    const stacks = fakeStacks()
    const terminal = answering()
    await planEnvironment(settings, ports(stacks, terminal))
    assert.match(terminal.shown[0]!, /staging foundation: 1 new/)
    assert.equal(stacks.states.size, 0)
    assert.deepEqual(stacks.discarded, stacks.planned)
  })

  it('is planned as data (JSON=1)', async () => {
    const terminal = answering()
    await planEnvironment({ ...settings, JSON: '1' }, ports(fakeStacks(), terminal))
    const [plan] = JSON.parse(terminal.shown[0]!) as { stack: string; type: string }[]
    assert.deepEqual([plan!.stack, plan!.type], [ground, 'changes'])
  })

  it('shows status and outputs of its stacks, as text and as data', async () => {
    const stacks = fakeStacks({ states: [foundation] })
    const subject = environmentSubject(settings)
    const terminal = answering()
    await showStatus(subject, settings, ports(stacks, terminal))
    await showOutputs(subject, settings, ports(stacks, terminal))
    await showStatus(subject, { ...settings, JSON: '1' }, ports(stacks, terminal))
    await showOutputs(subject, { ...settings, JSON: '1' }, ports(stacks, terminal))
    assert.match(terminal.shown[0]!, /acme-shop-staging-foundation +CREATE_COMPLETE +2026-01-31 12:00 +ready/)
    assert.match(terminal.shown[1]!, /VpcId +vpc-1/)
    assert.equal((JSON.parse(terminal.shown[2]!) as { health: string }[])[0]!.health, 'ready')
    assert.deepEqual(JSON.parse(terminal.shown[3]!), { [ground]: { VpcId: 'vpc-1' } })
  })

  it('has no outputs before it exists, and says how to create it', async () => {
    const work = showOutputs(environmentSubject(settings), settings, ports(fakeStacks(), answering()))
    await assert.rejects(work, ({ remedy }: RigletError) => /make create-environment ENV=staging/.test(remedy))
  })
})
