import assert from 'node:assert/strict'
import { rigletStatus } from '../../../scripts/actions/riglet/riglet-status.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import { RigletError } from '../../../scripts/core/errors.ts'
import { controlKey } from '../../../scripts/core/pipeline/control.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import type { StageState } from '../../../scripts/core/pipeline/state.ts'
import type { PipelineStatus } from '../../../scripts/core/riglet/status.ts'
import { fakeGit } from '../../fakes/checkout.ts'
import { actionRuns, execution, fakePipelines, type FakePipelines } from '../../fakes/pipelines.ts'
import { fakeFiles, fakePorts, fakeRegion, imageFacts } from '../../fakes/regional.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const riglet = { owner: 'acme', project: 'shop' }
const here = {
  ...{ version: '1.2.0', commit: '9f3c2e1a'.repeat(5), tree: 'f00d' },
  tools: ['node-1-linux', 'image-2-linux'],
}
const earlier = 'control/1.1.0-4d1a90b00000-0123456789ab.zip'

function world(ControlKey: string, more: Partial<Ports> = {}) {
  const pipelines = fakePipelines({ name: 'acme-shop-pipeline-web-main', stages: [] })
  const stacks = fakeStacks({
    states: ['web-main', 'blog-main'].map((app) =>
      stackState(`acme-shop-pipeline-${app}`, 'CREATE_COMPLETE', { parameters: { ControlKey, App: app } }),
    ),
  })
  const region = fakeRegion({ pipelines, stacks })
  const files = fakeFiles({ 'package.json': JSON.stringify({ version: here.version }) })
  const ports: Ports = { ...fakePorts(answering(), region, { files }), ...more }
  const status = async (): Promise<PipelineStatus> => (await rigletStatus(riglet, 'eu-central-1', ports)).pipelines[0]!
  return { ports, region, pipelines, status }
}

const git = (relation: Awaited<ReturnType<Ports['git']['relation']>>, changed: readonly string[] = []) => ({
  git: { ...fakeGit(changed), relation: () => Promise.resolve(relation) },
})

describe('the status of a pipeline', () => {
  it('tells of stages that failed, also where a newer execution has not come so far', async () => {
    const { pipelines, status } = world(controlKey(here))
    const stage = (name: string, execution: string, status: StageState['status']): StageState => ({
      ...{ name, execution, status },
      ...{ actions: [], barred: null },
    })
    pipelines.history = [execution('new', { status: 'Failed' }), execution('old', { status: 'Failed' })]
    pipelines.states = [
      {
        name: 'acme-shop-pipeline-web-main',
        stages: [
          stage('Bake', 'new', 'Succeeded'),
          stage('Verify', 'new', 'Failed'),
          stage('Production', 'old', 'Failed'),
        ],
      },
    ]
    assert.deepEqual((await status()).stages, [
      { name: 'Verify', status: 'Failed', execution: 'new' },
      { name: 'Production', status: 'Failed', execution: 'old' },
    ])
  })

  for (const [what, key, more, expected] of [
    ['the same as here', controlKey(here), {}, 'same'],
    ['older than what stands here', earlier, git('newer'), 'newer'],
    ['newer than what stands here', earlier, git('older'), 'older'],
    ['of another line of commits', earlier, git('apart'), 'other'],
    ['of a commit that is not known here', earlier, git('unknown'), 'other'],
    ['the same commit with other tools', earlier, git('same'), 'other'],
    ['not to be compared with what is not committed', earlier, git('newer', ['scripts/main.ts']), 'uncommitted'],
    [
      'not to be compared where there is no git',
      earlier,
      { git: { ...fakeGit(), treeOf: () => Promise.reject(new RigletError('TOOL_FAILED', 'no repository')) } },
      'unknown',
    ],
  ] as const)
    it(`tells which control its jobs run, and that it is ${what}`, async () => {
      const { control } = await world(key, more).status()
      const runs = key === earlier ? ['1.1.0', '4d1a90b00000'] : ['1.2.0', '9f3c2e1a9f3c']
      assert.deepEqual([control?.version, control?.commit, control?.here], [...runs, expected])
    })

  it('tells nothing of a pipeline that is older than control', async () =>
    assert.equal((await world('').status()).control, null))

  it('tells that it is frozen, until when, why and by whom, and not once that has run out', async () => {
    const { region, status } = world(earlier)
    const freeze = { until: '2026-01-31T13:00:00.000Z', reason: 'Christmas trade', by: 'arn:eve', since: 's' }
    region.held.parameters.set('/acme/shop/freeze/production/web-main', JSON.stringify(freeze))
    assert.deepEqual((await status()).frozen, [{ environment: 'production', ...freeze }])
    const over = JSON.stringify({ ...freeze, until: '2026-01-31T12:00:00.000Z' })
    region.held.parameters.set('/acme/shop/freeze/production/web-main', over)
    assert.deepEqual((await status()).frozen, [])
  })

  it('says what it could not read of a freeze, and shows the rest', async () => {
    const { region, status, ports } = world(earlier)
    region.held.parameters.set('/acme/shop/freeze/production/web-main', '{')
    assert.match((await status()).unchecked.join(), /cannot be read, so it is taken for one/)
    const parameters = { ...ports.parameters, values: () => Promise.reject(accessDenied('no right to it', null)) }
    const found = await world(earlier, { parameters }).status()
    assert.deepEqual([found.unchecked, found.control?.version], [['no right to it'], '1.1.0'])
  })

  it('asks for all freezes at once, and of control nothing at all', async () => {
    const { ports } = world(earlier)
    const asked: string[] = []
    const parameters = {
      ...ports.parameters,
      values: (path: string) => {
        asked.push(path)
        return Promise.resolve(new Map<string, string>())
      },
      get: () => Promise.reject(new Error('asked for each')),
    }
    const { pipelines } = await rigletStatus(riglet, 'eu-central-1', { ...ports, parameters })
    assert.equal(pipelines.length, 2)
    assert.deepEqual(asked, ['/acme/shop/freeze'])
  })
})

describe('the status of an app that a person took back', () => {
  const name = 'acme-shop-production-app-web-main'
  const place = '/acme/shop/rollback/production/web-main'
  const kept = {
    ...{ stackId: stackState(name).id, image: 'ami-1', from: 'ami-2', fromVersion: '2.0.0', fromCommit: '9f3c2e1a' },
    ...{ reason: 'prices are wrong', by: 'arn:aws:iam::1:user/ann', at: '2026-01-31T12:00:00.000Z' },
  }
  const look = async (text: string, updated: number, more: Partial<FakePipelines> = {}) => {
    const pipelines = Object.assign(fakePipelines(), more)
    pipelines.history = [execution('e1')]
    pipelines.actionRuns = [
      ...actionRuns(
        { stage: 'Bake', action: 'Bake', variables: { IMAGE_ID: 'ami-1' } },
        { stage: 'Production', action: 'Smoke', updated },
      ),
    ]
    const parameters = { Repo: 'web', Branch: 'main', App: 'web-main', ImageId: 'ami-1' }
    const stacks = fakeStacks({ states: [stackState(name, 'UPDATE_COMPLETE', { parameters })] })
    const region = fakeRegion({ pipelines, stacks, parameters: { [place]: text } })
    const found = await rigletStatus(riglet, 'eu-central-1', fakePorts(answering(), region))
    return found.environments.find((environment) => environment.name === 'production')!.apps[0]!
  }
  const then = Date.parse(kept.at)

  it('tells from what, by whom and why, until something passes there (B23)', async () => {
    assert.deepEqual((await look(JSON.stringify(kept), then - 1)).rolledBack, kept)
    assert.equal((await look(JSON.stringify(kept), then + 1)).rolledBack, undefined)
    assert.equal((await look(JSON.stringify({ ...kept, image: 'ami-9' }), then - 1)).rolledBack, undefined)
  })

  it('says what it could not read of that', async () => {
    assert.match((await look('[]', then)).unchecked.join(), /^whether it was taken back: .*it must be an object/)
    const executions = () => Promise.reject(accessDenied('no right to executions', null))
    const found = await look(JSON.stringify(kept), then - 1, { executions })
    assert.deepEqual(
      [found.rolledBack, found.unchecked],
      [undefined, ['whether it was taken back: no right to executions']],
    )
  })
})

describe('the status of an app', () => {
  it('says that what it runs is revoked, by whom and why (B13)', async () => {
    const tags = { Revoked: '2026-02-01T08:00:00Z of ami-1 by arn:aws:iam::1:user/ann', RevokedReason: 'CVE-2026-1' }
    const states = [
      stackState('acme-shop-staging-app-web-main', 'CREATE_COMPLETE', { parameters: { ImageId: 'ami-1' } }),
      stackState('acme-shop-integration-app-web-main', 'CREATE_COMPLETE', { parameters: { ImageId: 'ami-2' } }),
    ]
    const images = [imageFacts('ami-1', { tags }), imageFacts('ami-2')]
    const region = fakeRegion({ stacks: fakeStacks({ states }), images })
    const { environments } = await rigletStatus(riglet, 'eu-central-1', fakePorts(answering(), region))
    const told = environments.flatMap(({ apps }) => apps.map(({ image, revoked }) => [image.id, revoked]))
    assert.deepEqual(told.sort(), [
      [
        'ami-1',
        `ami-1 is revoked since 2026-02-01T08:00:00Z, by arn:aws:iam::1:user/ann: CVE-2026-1 (by mistake: make unrevoke IMAGE_ID=ami-1)`,
      ],
      ['ami-2', undefined],
    ])
  })
})
