import assert from 'node:assert/strict'
import { showDrift } from '../../../scripts/actions/drift/show-drift.ts'
import { accessDenied, awsRefused, expiredCredentials } from '../../../scripts/core/access/errors.ts'
import type { ResourceDrift, StackDrift } from '../../../scripts/core/drift/stack-drift.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { RunningInstance } from '../../../scripts/core/drift/image-drift.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import type { StackState } from '../../../scripts/core/stack/state.ts'
import { actionRuns, execution, fakeFleet, fakeInspection, fakePipelines } from '../../fakes/pipelines.ts'
import { fakePorts, fakeRegion, imageFacts } from '../../fakes/regional.ts'
import { settings as all } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const { ENV: _, ...settings } = all
const [artifacts, pipeline] = ['acme-shop-artifacts', 'acme-shop-pipeline-shop-main']
const foundation = (environment: string) => `acme-shop-${environment}-foundation`
const app = (environment: string) => `acme-shop-${environment}-app-shop-main`

const stack = (name: string, more: Partial<StackState> = {}) =>
  stackState(name, more.status ?? 'CREATE_COMPLETE', {
    outputs: name.endsWith('-foundation')
      ? { VpcId: `vpc-${name}` }
      : name.includes('-app-')
        ? { GroupName: `group-${name}` }
        : {},
    parameters: name.includes('-app-') ? { ImageId: 'ami-2' } : name === pipeline ? { App: 'shop-main' } : {},
    ...more,
  })

const names = [
  artifacts,
  pipeline,
  ...['integration', 'staging', 'production'].flatMap((environment) => [foundation(environment), app(environment)]),
]

const topic = (status: ResourceDrift['status']): ResourceDrift => ({
  logicalId: 'Topic',
  physicalId: 'topic-1',
  resourceType: 'AWS::SNS::Topic',
  status,
  differences: [],
})

type World = {
  readonly stacks?: readonly StackState[]
  /** What drift detection of a stack answers, if not that its topic is in sync. */
  readonly drifts?: Readonly<Record<string, Error | StackDrift>>
  readonly fleet?: Partial<Ports['fleet']>
  readonly pipelines?: Partial<Ports['pipelines']>
  readonly parameters?: Readonly<Record<string, string>>
}

/** A riglet in sync: the pipeline passed ami-2 everywhere, and everything runs it. */
function world({
  stacks = names.map((name) => stack(name)),
  drifts = {},
  fleet = {},
  pipelines = {},
  parameters = {},
}: World = {}) {
  const terminal = answering()
  const asked: string[] = []
  const history = fakePipelines()
  history.history = [execution('e1', { status: 'Succeeded' })]
  history.actionRuns.push(
    ...actionRuns(
      { stage: 'Bake', action: 'Bake', variables: { IMAGE_ID: 'ami-2' } },
      ...['Integration', 'Staging', 'Production'].map((stage) => ({ stage, action: 'Smoke' })),
    ),
  )
  const ports = {
    ...fakePorts(
      terminal,
      fakeRegion({
        stacks: fakeStacks({ states: stacks }),
        images: [imageFacts('ami-1'), imageFacts('ami-2')],
        parameters,
      }),
    ),
    pipelines: { ...history, ...pipelines },
    inspection: {
      ...fakeInspection({}, {}),
      drift: (name: string) => {
        asked.push(name)
        const answer = drifts[name] ?? { type: 'checked', stack: name, resources: [topic('IN_SYNC')] }
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
      },
    },
    fleet: {
      ...fakeFleet(),
      groups: (groups: readonly string[]) => {
        asked.push(...groups)
        return Promise.resolve(
          groups.map((name) => ({ name, desired: 1, launchTemplate: { id: 'lt', version: '1' }, instances: [] })),
        )
      },
      template: () => Promise.resolve({ type: 'version', image: 'ami-2' }),
      ...fleet,
    },
  } as Ports
  const show = async (more: object = {}) => {
    const code = await showDrift({ ...settings, ...more }, ports)
    return { code, text: terminal.shown.join('\n') }
  }
  return { ports, asked, terminal, show }
}

const without = (...gone: readonly string[]) => names.filter((name) => !gone.includes(name)).map((name) => stack(name))
const instead = (name: string, more: Partial<StackState>) => [...without(name), stack(name, more)]

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

describe('drift of an app that a person took back', () => {
  const name = app('production')
  const place = '/acme/shop/rollback/production/shop-main'
  const shop = { Repo: 'shop', Branch: 'main', App: 'shop-main' }
  const kept = {
    ...{ stackId: stack(name).id, image: 'ami-1', from: 'ami-2', fromVersion: '2.0.0', fromCommit: '9f3c2e1a' },
    ...{ reason: 'prices are wrong', by: 'arn:aws:iam::1:user/ann', at: '2026-01-31T12:00:00.000Z' },
  }
  const fleet: World['fleet'] = {
    template: (_, version) => Promise.resolve({ type: 'version', image: version === 'back' ? 'ami-1' : 'ami-2' }),
    groups: (groups) =>
      Promise.resolve(
        groups.map((group) => ({
          ...{ name: group, desired: 1, instances: [] },
          launchTemplate: { id: 'lt', version: group.includes('production') ? 'back' : '1' },
        })),
      ),
  }
  const back = (text: string | undefined, more: World = {}) =>
    world({
      ...{ stacks: instead(name, { parameters: { ...shop, ImageId: 'ami-1' } }), fleet },
      ...(text === undefined ? {} : { parameters: { [place]: text } }),
      ...more,
    }).show()

  it('is as expected, with who did it and why (B23)', async () => {
    const { code, text } = await back(JSON.stringify(kept))
    assert.equal(code, 0, text)
    assert.match(text, /^in sync: \d+ checked, 1 as expected\n/)
    assert.match(
      text,
      /^production\n= acme-shop-production-app-shop-main\n {4}was taken back from ami-2 \(2\.0\.0, 9f3c2e1\) by ann, 2026-01-31T12:00Z: prices\n {4}are wrong$/m,
    )
    const data = await back(JSON.stringify(kept)).then(() =>
      world({
        stacks: instead(name, { parameters: { ...shop, ImageId: 'ami-1' } }),
        fleet,
        parameters: { [place]: JSON.stringify(kept) },
      }).show({ JSON: '1' }),
    )
    const { findings } = JSON.parse(data.text) as { findings: { type: string }[] }
    assert.deepEqual(
      findings.map(({ type }) => type),
      ['expected'],
    )
  })

  it('is drift where it was not taken back, and where something passed there since', async () => {
    for (const text of [
      undefined,
      JSON.stringify({ ...kept, at: '1969-12-31T12:00:00.000Z' }),
      JSON.stringify({ ...kept, image: 'ami-3' }),
    ]) {
      const { code, text: shown } = await back(text)
      assert.equal(code, 2)
      assert.match(shown, /deployed with another image than the pipeline last passed here\n {4}expected {2}ami-2/)
    }
  })

  it('says so where it cannot be read', async () => {
    const { code, text } = await back('{')
    assert.equal(code, 2)
    assert.match(text, /\? acme-shop-production-app-shop-main\n {4}whether it was taken back: \/acme\/shop\/rollback/)
  })
})
