import assert from 'node:assert/strict'
import { retryPipeline } from '../../scripts/actions/retry-pipeline.ts'
import { watchPipeline } from '../../scripts/actions/watch-pipeline.ts'
import type { ActionState, PipelineState, StageState } from '../../scripts/core/pipeline/state.ts'
import type { Ports } from '../../scripts/core/ports.ts'
import { execution, fakePipelines } from '../fakes/pipelines.ts'
import { fakePorts } from '../fakes/regional.ts'
import { answering } from '../fakes/terminal.ts'

const settings = { OWNER: 'acme', PROJECT: 'shop', REPO: 'web', BRANCH: 'main' }

const action = (name: string, status: ActionState['status'], more: Partial<ActionState> = {}): ActionState => ({
  name,
  status,
  changed: 0,
  summary: '',
  error: '',
  token: '',
  external: '',
  link: '',
  ...more,
})
const stage = (name: string, status: StageState['status'], ...actions: ActionState[]): StageState => ({
  name,
  execution: 'e1',
  status,
  actions,
  barred: null,
})
const pipeline = (...stages: StageState[]): PipelineState => ({ name: 'p', stages })

function watching(state: PipelineState, status: Parameters<typeof execution>[1]) {
  const terminal = answering()
  const pipelines = fakePipelines(state)
  pipelines.history = [execution('e1', status)]
  return { terminal, pipelines, ports: { ...fakePorts(terminal), pipelines } as Ports }
}

describe('watching a pipeline', () => {
  it('says what ended and what waits, once', async () => {
    const state = pipeline(
      stage('Bake', 'Succeeded', action('Bake', 'Succeeded')),
      stage('Recover', 'Skipped', action('Integration', 'none')),
      stage('Production', 'InProgress', action('Approve', 'InProgress', { token: 't' })),
    )
    const { terminal, ports } = watching(state, { status: 'InProgress' })
    await watchPipeline(settings, ports)
    assert.deepEqual(terminal.said, [
      '  Bake Bake                ok',
      '  Recover                  skipped: nothing to do',
      '  Production Approve       waits for your approval',
      'Execution e1 waits for approval: make show-approval',
    ])
  })

  it('ends with the cause of a failed build: phase, message and the end of its log', async () => {
    const build = 'acme-shop-pipeline-web-main-verify:01234567-89ab-cdef-0123-456789abcdef'
    const state = pipeline(stage('Verify', 'Failed', action('Verify', 'Failed', { external: build })))
    const { ports } = watching(state, { status: 'Failed' })
    await assert.rejects(
      watchPipeline(settings, ports),
      /Verify Verify failed: BUILD: exit status 2\n {2}\| nginx is down/,
    )
  })

  it('says that a newer push overtook this one', async () => {
    const { terminal, ports } = watching(pipeline(), { status: 'Superseded' })
    await watchPipeline(settings, ports)
    assert.match(terminal.said.join('\n'), /superseded by a newer push/)
  })
})

describe('retrying a pipeline', () => {
  const failing = (...actions: string[]) =>
    watching(pipeline(stage('Production', 'Failed', ...actions.map((name) => action(name, 'Failed')))), {
      status: 'Failed',
    })

  it('plans production anew, for its change set is used up (R46)', async () => {
    const { pipelines, ports } = failing('ChangeSet', 'Execute')
    await retryPipeline(settings, ports)
    assert.deepEqual(pipelines.retries, [{ stage: 'Production', mode: 'ALL_ACTIONS' }])
  })

  it('retries only what failed elsewhere', async () => {
    const { pipelines, ports } = failing('Verify')
    await retryPipeline(settings, ports)
    assert.deepEqual(pipelines.retries, [{ stage: 'Production', mode: 'FAILED_ACTIONS' }])
  })

  it('refuses when nothing failed', async () => {
    const { ports } = watching(pipeline(stage('Bake', 'Succeeded')), { status: 'Succeeded' })
    await assert.rejects(retryPipeline(settings, ports), /no stage of its last execution failed/)
  })
})
