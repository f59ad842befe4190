import assert from 'node:assert/strict'
import { accessDenied, awsRefused, expiredCredentials } from '../../../scripts/core/access/errors.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { RunningInstance } from '../../../scripts/core/drift/image-drift.ts'
import { artifacts, foundation, app, stack, topic, type World, world, without, instead } from './support/world.ts'

describe('the drift check', () => {
  it('says in sync where everything was looked at and is as it should be', async () => {
    const { code, text } = await world().show()
    assert.equal(code, 0)
    assert.match(text, /^in sync: 11 checked\n/)
    for (const part of ['integration', 'staging', 'production', 'shared'])
      assert.match(text, new RegExp(`^${part} {2}in sync$`, 'm'))
  })

  const refusals: readonly (readonly [string, World, RegExp])[] = [
    [
      'a stack whose drift somebody else is detecting',
      {
        drifts: {
          [app('staging')]: awsRefused('ValidationError', 'Drift detection is already in progress for stack s', null),
        },
      },
      /\? acme-shop-staging-app-shop-main\n {4}could not be checked: .*already in progress/,
    ],
    [
      'a stack that we may not look at',
      { drifts: { [artifacts]: accessDenied('not authorized to perform cloudformation:DetectStackDrift', null) } },
      /^shared\n\? acme-shop-artifacts\n {4}could not be checked: not authorized/m,
    ],
    [
      'an app whose creation failed',
      { stacks: instead(app('production'), { status: 'ROLLBACK_COMPLETE', outputs: {} }) },
      /\? acme-shop-production-app-shop-main\n {4}is ROLLBACK_COMPLETE; CloudFormation checks no stack in that state/,
    ],
    [
      'a stack that changes just now',
      { stacks: instead(foundation('staging'), { status: 'UPDATE_IN_PROGRESS' }) },
      /\? acme-shop-staging-foundation\n {4}is UPDATE_IN_PROGRESS/,
    ],
    [
      'an app that does not say which group is its own',
      { stacks: instead(app('staging'), { outputs: {} }) },
      /\? acme-shop-staging-app-shop-main\n {4}has no output GroupName/,
    ],
    [
      'groups that we may not read',
      { fleet: { groups: () => Promise.reject(accessDenied('no right to groups', null)) } },
      /\? group-acme-shop-staging-app-shop-main\n {4}its launch template could not be read: no right to groups/,
    ],
    [
      'instances that we may not list',
      { fleet: { instancesIn: () => Promise.reject(accessDenied('no right to instances', null)) } },
      /\? vpc-acme-shop-staging-foundation\n {4}its instances could not be listed: no right to instances/,
    ],
    [
      'a pipeline whose history we may not read',
      { pipelines: { runs: () => Promise.reject(accessDenied('no right to runs', null)) } },
      /\? acme-shop-pipeline-shop-main\n {4}its history could not be read: no right to runs/,
    ],
  ]
  for (const [title, given, words] of refusals)
    it(`names ${title}, and checks the rest`, async () => {
      const { code, text } = await world(given).show()
      assert.equal(code, 3, text)
      assert.match(text, /^NOT ALL COULD BE CHECKED/)
      assert.match(text, words)
      assert.match(text, / {2}in sync$/m)
    })

  it('asks CloudFormation nothing that it refuses, and Auto Scaling for no group without a name', async () => {
    const stacks = instead(app('staging'), { status: 'ROLLBACK_COMPLETE', outputs: {} })
    const { asked, show } = world({ stacks })
    await show({ ENV: 'staging' })
    assert.deepEqual(asked, [foundation('staging')])
  })

  it('ends where nothing at all can be asked', async () => {
    const expired = expiredCredentials({ region: 'eu-central-1' }, null)
    await assert.rejects(world({ drifts: { [artifacts]: expired } }).show(), /credentials for AWS have expired/)
  })

  it('tells certain drift and what could not be checked of the same stack; drift weighs more', async () => {
    const name = app('staging')
    const resources = [topic('DELETED'), { ...topic('UNKNOWN'), logicalId: 'Role' }]
    const { code, text } = await world({
      drifts: {
        [name]: { type: 'failed', stack: name, reason: 'Failed to detect drift on resource [Role]', resources },
      },
    }).show({ ENV: 'staging' })
    assert.equal(code, 2)
    assert.match(text, /^DRIFTED: 3 checked, 1 drifted, 2 unchecked/)
    assert.match(text, /! acme-shop-staging-app-shop-main Topic .*\n {4}was deleted by hand/)
    assert.match(
      text,
      /\? acme-shop-staging-app-shop-main\n {4}drift detection failed: Failed to detect drift on .*Role/,
    )
  })

  for (const [title, gone, words] of [
    [
      'a foundation',
      foundation('staging'),
      /! acme-shop-staging-foundation\n {4}is missing, and acme-shop-pipeline-shop-main deploys there/,
    ],
    [
      'an app',
      app('production'),
      /! acme-shop-production-app-shop-main\n {4}is missing, though the pipeline deployed it/,
    ],
  ] as const)
    it(`finds ${title} that somebody deleted`, async () => {
      const { code, text } = await world({ stacks: without(gone) }).show()
      assert.equal(code, 2)
      assert.match(text, words)
      assert.match(text, / {4}expected {2}exists\n {4}actual {4}no such stack/)
    })

  it('finds a foundation that is missing under an app which no pipeline deploys', async () => {
    const { code, text } = await world({ stacks: [stack(app('staging'))] }).show()
    assert.equal(code, 2)
    assert.match(text, /is missing, and acme-shop-staging-app-shop-main stands on it/)
    assert.doesNotMatch(text, /production/)
  })

  it('does not miss apps that nobody deployed yet', async () => {
    const stacks = without(...['integration', 'staging', 'production'].map(app))
    const { code, text } = await world({ stacks, pipelines: { executions: () => Promise.resolve([]) } }).show()
    assert.equal(code, 0, text)
  })

  it('does not say in sync of an environment that does not exist', async () => {
    const { code, text } = await world({ stacks: [stack(foundation('integration'))] }).show({ ENV: 'staging' })
    assert.equal(code, 3)
    assert.match(text, /^NOT ALL COULD BE CHECKED: 0 checked, 1 unchecked/)
    assert.match(text, /\? acme-shop-staging\n {4}does not exist/)
  })

  it('refuses where there is no riglet at all, and names owner, project and region', async () => {
    await assert.rejects(world({ stacks: [] }).show(), (error: RigletError) => {
      assert.equal(error.exitCode, 1)
      assert.match(error.message, /no riglet acme-shop in eu-central-1: .* Owner=acme and Project=shop/)
      assert.match(error.remedy, /OWNER, PROJECT, REGION/)
      return true
    })
  })

  it('is drift where a group could replace no instance, and unchecked where that could not be asked', async () => {
    const gone = await world({ fleet: { template: () => Promise.resolve({ type: 'no version' }) } }).show({
      ENV: 'staging',
    })
    assert.equal(gone.code, 2)
    assert.match(
      gone.text,
      /! group-acme-\S+\n {4}can replace no instance\n.*\n {4}actual +version 1 of its launch template lt/,
    )
    const denied = () => Promise.reject(accessDenied('no right to templates', null))
    const unasked = await world({ fleet: { template: denied } }).show({ ENV: 'staging' })
    assert.equal(unasked.code, 3)
    assert.match(unasked.text, /\? group-acme-\S+\n {4}its launch template could not be read: no right to templates/)
  })

  it('calls instances orphaned only where every group is known', async () => {
    const instance = (id: string, group: string | null): RunningInstance & { tags: Record<string, string> } => ({
      id,
      group,
      image: 'ami-2',
      tags: {},
    })
    const running = [instance('i-hand', null), instance('i-group', 'of-nobody')]
    const fleet = { instancesIn: () => Promise.resolve(running) }
    const known = await world({ fleet }).show({ ENV: 'staging' })
    assert.match(known.text, /i-hand\n {4}was launched by hand/)
    assert.match(known.text, /i-group\n {4}was launched by hand/)
    const stacks = instead(app('staging'), { status: 'CREATE_IN_PROGRESS', outputs: {} })
    const growing = await world({ fleet, stacks }).show({ ENV: 'staging' })
    assert.match(growing.text, /i-hand\n {4}was launched by hand/)
    assert.doesNotMatch(growing.text, /i-group/)
  })
})
