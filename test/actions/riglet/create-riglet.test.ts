import assert from 'node:assert/strict'
import { createRiglet } from '../../../scripts/actions/riglet/create-riglet.ts'
import type { Settings } from '../../../scripts/core/settings/settings.ts'
import { artifacts } from '../../../scripts/core/layers/artifacts.ts'
import { foundation } from '../../../scripts/core/layers/foundation.ts'
import { desiredStack } from '../../../scripts/core/layers/layer.ts'
import { fakeRegion } from '../../fakes/regional.ts'
import { templates } from '../../fakes/riglet.ts'
import { deployed, fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'
import { failureOf } from '../../support/failure.ts'
import { given, world } from './support/new-riglet.ts'

const all = [
  'acme-shop-artifacts',
  'acme-shop-integration-foundation',
  'acme-shop-staging-foundation',
  'acme-shop-production-foundation',
  'acme-shop-jobs-shop-main',
  'acme-shop-pipeline-shop-main',
]

describe('create-riglet', () => {
  it('shows everything with its cost, asks once, and creates it in order (R06)', async () => {
    const stacks = fakeStacks()
    const terminal = answering('yes')
    const { ports } = world(fakeRegion({ stacks }), terminal)
    assert.equal(await createRiglet({ ...given, EMAIL_ADDRESS: 'ops@example.com', CERTIFICATE_ARN: 'arn' }, ports), 0)
    assert.deepEqual(terminal.asked, ['Create acme-shop?'])
    assert.match(terminal.shown[0]!, /150 US dollars a month/)
    assert.match(terminal.shown[0]!, /Account +123456789012/)
    assert.deepEqual([...stacks.states.keys()], all)
    assert.deepEqual(
      stacks.calls.filter((call) => call.startsWith('execute')).map((call) => call.slice(8)),
      all,
    )
  })

  it('refuses a name that is another riglet’s, before it asks or makes anything', async () => {
    const taken = stackState('acme-shop-staging-foundation', 'CREATE_COMPLETE', {
      tags: { Owner: 'a', Project: 'b' },
    })
    const stacks = fakeStacks({ states: [taken] })
    const terminal = answering('yes')
    const all = { ...given, EMAIL_ADDRESS: 'ops@example.com', CERTIFICATE_ARN: 'arn' }
    const { code, message } = await failureOf(createRiglet(all, world(fakeRegion({ stacks }), terminal).ports))
    assert.equal(code, 'STACK_TAKEN')
    assert.match(message, /The stack acme-shop-staging-foundation belongs to OWNER=a PROJECT=b;/)
    assert.deepEqual([terminal.asked, stacks.planned], [[], []])
  })

  it('asks what is missing, with defaults, again when an answer cannot be (R03)', async () => {
    const terminal = answering('Acme', 'acme', 'shop', 'us-east-1', '', '', '', '', 'yes')
    const { ports, files } = world(fakeRegion(), terminal)
    assert.equal(await createRiglet({}, ports), 0)
    assert.match(terminal.said[0]!, /OWNER must be 1 to 12/)
    assert.match(files.content.get('.make')!, /OWNER=acme\nPROJECT=shop\nREGION=us-east-1\nREPO=shop\nBRANCH=main\n/)
  })

  it('names all that is missing where there is nobody to ask, the region too', async () => {
    const stacks = fakeStacks()
    const { ports } = world(fakeRegion({ stacks }), answering())
    const { message, exitCode } = await failureOf(createRiglet({} satisfies Settings, ports))
    assert.equal(exitCode, 2)
    assert.match(message, /OWNER is missing[^]*PROJECT is missing[^]*REGION is missing/)
    const { REGION: _, ...elsewhere } = given
    assert.match((await failureOf(createRiglet(elsewhere, ports))).message, /^One setting is .*\n  REGION is missing/)
    assert.deepEqual(stacks.calls, [])
  })

  it('creates nothing and writes nothing when the answer is no', async () => {
    const region = fakeRegion()
    const { ports, files } = world(region, answering('no'))
    assert.equal(await createRiglet({ ...given, EMAIL_ADDRESS: 'a@b.c', CERTIFICATE_ARN: 'arn' }, ports), 1)
    assert.equal(region.stacks.states.size, 0)
    assert.equal(files.content.has('.make'), false)
    assert.equal(region.held.parameters.size, 0)
  })

  it('stops at a riglet that exists already, with a code of its own (R11)', async () => {
    const states = all.map((name) => stackState(name, 'CREATE_COMPLETE', { tags: { Owner: 'acme', Project: 'shop' } }))
    const stacks = fakeStacks({ states })
    const { ports } = world(fakeRegion({ stacks }), answering('', ''))
    const error = await failureOf(createRiglet(given, ports))
    assert.equal(error.exitCode, 66)
    assert.match(error.message, /acme-shop exists already in eu-central-1/)
    assert.deepEqual(stacks.planned, [])
  })

  it('goes on with a creation that was cut short', async () => {
    const tags = { Owner: 'acme', Project: 'shop' }
    const riglet = { owner: 'acme', project: 'shop' }
    const states = [
      deployed(desiredStack(artifacts, { riglet }, templates[artifacts.template]!, {})),
      stackState('acme-shop-staging-foundation', 'ROLLBACK_COMPLETE', { tags }),
    ]
    const stacks = fakeStacks({ states })
    const terminal = answering('', '', 'yes')
    const { ports } = world(fakeRegion({ stacks }), terminal)
    assert.equal(await createRiglet(given, ports), 0)
    assert.match(terminal.shown[0]!, /= acme-shop-artifacts/)
    assert.deepEqual([...stacks.states.keys()].sort(), [...all].sort())
  })

  it('leaves what is there as it is, and names what differs with the command that shows it', async () => {
    const region = fakeRegion({ stacks: fakeStacks() })
    await createRiglet(given, world(region, answering('', '', 'yes')).ports)
    const made = region.stacks.states
    made.delete('acme-shop-staging-foundation')
    const before = new Map(made)
    const stacks = fakeStacks({ states: [...made.values()] })
    const terminal = answering('', '', 'yes')
    const changed = { [foundation.template]: 'Resources: {}\n# newer\n' }
    assert.equal(await createRiglet(given, world(fakeRegion({ stacks }), terminal, {}, changed).ports), 0)
    const [screen] = terminal.shown
    assert.match(screen!, /= acme-shop-artifacts\n +~ acme-shop-integration-foundation\n +\+ acme-shop-staging/)
    assert.match(screen!, /make update-environment ENV=integration\n +make update-environment ENV=production\n/)
    assert.doesNotMatch(screen!, /update-pipeline/)
    for (const [name, state] of before) assert.equal(stacks.states.get(name), state)
    assert.deepEqual(
      stacks.calls.filter((call) => /^(?:plan|execute)/.test(call)),
      ['plan acme-shop-staging-foundation', 'execute acme-shop-staging-foundation'],
    )
  })

  it('names the command for what all pipelines share, whether or not the pipeline is there', async () => {
    const tags = { Owner: 'acme', Project: 'shop' }
    for (const [more, command] of [
      [[], 'make create-pipeline REPO=shop BRANCH=main'],
      [
        [stackState('acme-shop-pipeline-shop-main', 'CREATE_COMPLETE', { tags })],
        'make update-pipeline REPO=shop BRANCH=main',
      ],
    ] as const) {
      const stacks = fakeStacks({ states: [stackState('acme-shop-artifacts', 'UPDATE_COMPLETE', { tags }), ...more] })
      const terminal = answering('', '', 'no')
      await createRiglet(given, world(fakeRegion({ stacks }), terminal).ports)
      assert.match(terminal.shown[0]!, /~ acme-shop-artifacts/)
      assert.ok(terminal.shown[0]!.includes(`\n  ${command}\n`))
      assert.equal(terminal.shown[0]!.split(command).length, 2)
    }
  })

  it('checks the quotas before anything is made', async () => {
    const stacks = fakeStacks()
    const full = { vpcs: { used: 3, quota: undefined }, elasticIps: { used: 4, quota: 5 } }
    const { ports } = world(fakeRegion({ stacks }), answering('', '', 'yes'), full)
    const { code, message } = await failureOf(createRiglet(given, ports))
    assert.equal(code, 'QUOTA')
    assert.match(message, /3 more VPCs are needed, 3 of 5 are in use; 3 more Elastic IPs are needed, 4 of 5 are in use/)
    assert.deepEqual(stacks.planned, [])
  })

  it('asks no room for what a run that was killed has begun already', async () => {
    const begun = ['integration', 'staging', 'production'].map((name) =>
      stackState(`acme-shop-${name}-foundation`, 'REVIEW_IN_PROGRESS'),
    )
    const stacks = fakeStacks({ states: begun })
    const full = { vpcs: { used: 4, quota: undefined }, elasticIps: { used: 5, quota: 5 } }
    const { ports } = world(fakeRegion({ stacks }), answering('', '', 'yes'), full)
    assert.equal(await createRiglet(given, ports), 0)
    assert.deepEqual([...stacks.states.keys()].sort(), [...all].sort())
  })

  it('takes the user at his word about a raised quota', async () => {
    const { ports } = world(fakeRegion(), answering('', '', 'yes'), { vpcs: { used: 4, quota: undefined } })
    assert.equal(await createRiglet({ ...given, VPC_QUOTA: '10' }, ports), 0)
  })
})
