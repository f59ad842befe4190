import assert from 'node:assert/strict'
import { showDrift } from '../../../scripts/actions/drift/show-drift.ts'
import { accessDenied, throttled } from '../../../scripts/core/access/errors.ts'
import type { Pipelines } from '../../../scripts/core/ports/pipelines.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { actionRuns, execution, fakeFleet, fakePipelines } from '../../fakes/pipelines.ts'
import { fakePorts, fakeRegion, imageFacts } from '../../fakes/regional.ts'
import { settings } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const name = 'acme-shop-production-app-shop-main'
const source = { Repo: 'shop', Branch: 'main', App: 'shop-main' }
const kept = {
  ...{ stackId: stackState(name).id, image: 'ami-1', from: 'ami-2', fromVersion: '2.0.0', fromCommit: '9f3c2e1a' },
  ...{ reason: 'prices are wrong', by: 'arn:aws:iam::1:user/ann', at: '2026-01-31T12:00:00.000Z' },
}

/** Production was taken back to ami-1; the pipeline had passed ami-2 there. */
async function drift(pipelines: Partial<Pipelines> = {}) {
  const terminal = answering()
  const history = fakePipelines()
  history.history = [execution('e1', { status: 'Succeeded' })]
  history.actionRuns = [
    ...actionRuns(
      { stage: 'Bake', action: 'Bake', variables: { IMAGE_ID: 'ami-2' } },
      { stage: 'Production', action: 'Smoke' },
    ),
  ]
  const calls: string[] = []
  const counted: Pipelines = {
    ...history,
    executions: (...asked) => {
      calls.push('executions')
      return history.executions(...asked)
    },
    runs: (...asked) => {
      calls.push('runs')
      return history.runs(...asked)
    },
    ...pipelines,
  }
  const region = fakeRegion({
    stacks: fakeStacks({
      states: [
        stackState('acme-shop-pipeline-shop-main', 'CREATE_COMPLETE', { parameters: source }),
        stackState('acme-shop-production-foundation', 'CREATE_COMPLETE', { outputs: { VpcId: 'vpc-1' } }),
        stackState(name, 'UPDATE_COMPLETE', {
          parameters: { ...source, ImageId: 'ami-1' },
          outputs: { GroupName: 'group-1' },
        }),
      ],
    }),
    images: [imageFacts('ami-1'), imageFacts('ami-2')],
    parameters: { '/acme/shop/rollback/production/shop-main': JSON.stringify(kept) },
    pipelines: counted,
    fleet: {
      ...fakeFleet(),
      groups: () =>
        Promise.resolve([{ name: 'group-1', desired: 1, instances: [], launchTemplate: { id: 'lt', version: '1' } }]),
      template: () => Promise.resolve({ type: 'version', image: 'ami-1' }),
    },
  })
  const ports: Ports = fakePorts(terminal, region)
  const code = await showDrift({ ...settings, ENV: 'production' }, ports)
  return { code, text: terminal.shown.join('\n'), calls }
}

describe('drift where an app was taken back', () => {
  it('reads the history of its pipeline once', async () => {
    const { code, text, calls } = await drift()
    assert.equal(code, 0, text)
    assert.match(text, /^= acme-shop-production-app-shop-main\n {4}was taken back from ami-2/m)
    assert.deepEqual(calls, ['executions', 'runs'])
  })

  for (const [refusal, error] of [
    ['may not be read', accessDenied('no right to runs', null)],
    ['is asked for too often', throttled('no answer: runs', null)],
  ] as const)
    it(`is unchecked where the history ${refusal}, and the rest is checked (B15)`, async () => {
      const { code, text } = await drift({ runs: () => Promise.reject(error) })
      assert.equal(code, 3, text)
      assert.match(text, /^NOT ALL COULD BE CHECKED/)
      assert.match(text, /^\? acme-shop-production-app-shop-main\n {4}whether it was taken back: /m)
      assert.match(text, /^\? acme-shop-pipeline-shop-main\n {4}its history could not be read: /m)
      assert.doesNotMatch(text, /^[=!] /m)
    })
})
