import assert from 'node:assert/strict'
import { retryPipeline } from '../../../scripts/actions/pipeline/retry-pipeline.ts'
import { watchPipeline } from '../../../scripts/actions/pipeline/watch-pipeline.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import { interrupted } from '../../../scripts/core/errors.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { ActionState, PipelineState, StageState } from '../../../scripts/core/pipeline/state.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { actionRuns, execution, fakePipelines } from '../../fakes/pipelines.ts'
import { fakePorts } from '../../fakes/regional.ts'
import { answering } from '../../fakes/terminal.ts'

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

const later = pipeline(stage('Source', 'Succeeded'))

function watching(state: PipelineState, status: Parameters<typeof execution>[1]) {
  const terminal = answering()
  const pipelines = fakePipelines(state)
  pipelines.history = [execution('e1', status)]
  return { terminal, pipelines, ports: { ...fakePorts(terminal), pipelines } as Ports }
}

describe('watching a pipeline', () => {
  it('says what ended and what waits, once and in the pipeline’s order', async () => {
    const state = pipeline(
      stage('Bake', 'Succeeded', action('Bake', 'Succeeded')),
      stage('Recover', 'Skipped', action('Integration', 'none')),
      stage('Production', 'InProgress', action('Packet', 'Succeeded'), action('Approve', 'InProgress', { token: 't' })),
    )
    const { terminal, pipelines, ports } = watching(state, { status: 'InProgress' })
    pipelines.actionRuns.push(
      ...actionRuns(
        { stage: 'Bake', action: 'Bake' },
        { stage: 'Production', action: 'Packet' },
        { stage: 'Production', action: 'Approve', status: 'InProgress', approval: true },
      ),
    )
    await watchPipeline(settings, ports)
    assert.deepEqual(terminal.said, [
      '  Bake Bake                ok',
      '  Recover                  skipped: nothing to do',
      '  Production Packet        ok',
      '  Production Approve       waits for your approval',
      'Execution e1 waits for approval: make show-approval',
    ])
  })

  it('says, where it waits for a person, that nobody can approve in a freeze', async () => {
    const state = pipeline(stage('Production', 'InProgress', action('Approve', 'InProgress', { token: 't' })))
    const { terminal, ports } = watching(state, { status: 'InProgress' })
    const place = '/acme/shop/freeze/production/web-main'
    const until = (hour: number) => `2026-01-31T${hour}:00:00.000Z`
    for (const [hour, said] of [
      [13, 'production is FROZEN until 2026-01-31T13:00Z: Christmas trade. Nothing goes there before.'],
      [11, 'Execution e1 waits for approval: make show-approval'],
    ] as const) {
      await ports.parameters.put(
        place,
        JSON.stringify({ until: until(hour), reason: 'Christmas trade', by: '', since: '' }),
        {},
      )
      await watchPipeline(settings, ports)
      assert.equal(terminal.said.at(-1), said)
    }
    const parameters = { ...ports.parameters, get: () => Promise.reject(accessDenied('no right to it', null)) }
    await watchPipeline(settings, { ...ports, parameters })
    assert.equal(terminal.said.at(-1), 'Not checked whether production is frozen: no right to it')
  })

  it('does not take what the execution before left in a stage for its own', async () => {
    const begun = (...actions: ActionState[]) => pipeline(stage('Production', 'InProgress', ...actions))
    const { terminal, pipelines, ports } = watching(
      begun(action('ChangeSet', 'InProgress'), action('Approve', 'Succeeded'), action('Smoke', 'Succeeded')),
      { status: 'InProgress' },
    )
    pipelines.states.push(
      begun(
        action('ChangeSet', 'Succeeded'),
        action('Approve', 'InProgress', { token: 't' }),
        action('Smoke', 'Succeeded'),
      ),
    )
    const now = [
      { stage: 'Production', action: 'ChangeSet', status: 'InProgress' },
      { stage: 'Production', action: 'Approve', status: 'InProgress', approval: true },
    ] as const
    const answers = [actionRuns(now[0]), actionRuns({ ...now[0], status: 'Succeeded' }, now[1])]
    await watchPipeline(settings, {
      ...ports,
      pipelines: { ...pipelines, runs: () => Promise.resolve(answers.shift()!) },
    })
    assert.deepEqual(terminal.said, [
      '  Production ChangeSet     ok',
      '  Production Approve       waits for your approval',
      'Execution e1 waits for approval: make show-approval',
    ])
  })

  it('tells the second run of an action that was tried again', async () => {
    const { terminal, pipelines, ports } = watching(
      pipeline(stage('Verify', 'Succeeded', action('Lint', 'Succeeded'), action('Verify', 'Succeeded'))),
      { status: 'Succeeded' },
    )
    pipelines.actionRuns.push(
      ...actionRuns(
        { stage: 'Verify', action: 'Verify', started: 5, status: 'Failed', summary: 'nginx is down\nand more' },
        { stage: 'Verify', action: 'Lint', started: 5 },
        { stage: 'Verify', action: 'Verify', started: 9 },
      ),
    )
    await watchPipeline(settings, ports)
    assert.deepEqual(terminal.said, [
      '  Verify Lint              ok',
      '  Verify Verify            FAILED: nginx is down',
      '  Verify Verify            ok',
      'Execution e1 succeeded.',
    ])
  })

  it('asks only for the state while nothing changes', async () => {
    const running = pipeline(stage('Bake', 'InProgress', action('Bake', 'InProgress')))
    const { pipelines, ports } = watching(running, { status: 'InProgress' })
    const calls: string[] = []
    const counted =
      <Arguments extends unknown[], Answer>(name: string, call: (...given: Arguments) => Answer) =>
      (...given: Arguments): Answer => {
        calls.push(name)
        return call(...given)
      }
    pipelines.states.push(running, running, later)
    const watched = {
      ...pipelines,
      state: counted('state', (name: string) => {
        if (pipelines.states.length === 1) pipelines.history = [execution('e1', { status: 'Succeeded' })]
        return pipelines.state(name)
      }),
      executions: counted('executions', pipelines.executions),
      execution: counted('execution', pipelines.execution),
      runs: counted('runs', pipelines.runs),
    }
    await watchPipeline(settings, { ...ports, pipelines: watched })
    const look = ['execution', 'runs']
    assert.deepEqual(calls, ['state', 'executions', ...look, 'state', 'state', 'state', ...look])
  })

  it('ends with the cause of a failed build: phase, message and the end of its log', async () => {
    const build = 'acme-shop-pipeline-web-main-verify:01234567-89ab-cdef-0123-456789abcdef'
    const { pipelines, ports } = watching(pipeline(stage('Verify', 'Failed', action('Verify', 'Failed'))), {
      status: 'Failed',
    })
    pipelines.actionRuns.push(...actionRuns({ stage: 'Verify', action: 'Verify', status: 'Failed', external: build }))
    await assert.rejects(
      watchPipeline(settings, ports),
      /Verify Verify failed: BUILD: exit status 2\n {2}\| nginx is down/,
    )
  })

  it('names what failed in this execution, also when its stage has gone back already', async () => {
    const back = { ...stage('Integration', 'InProgress', action('Smoke', 'InProgress')), execution: 'roll-back' }
    const { terminal, pipelines, ports } = watching(pipeline(back), { status: 'Failed' })
    pipelines.actionRuns.push(
      ...actionRuns(
        { stage: 'Integration', action: 'Deploy', status: 'Failed', error: 'tried again since' },
        { stage: 'Integration', action: 'Deploy' },
        { stage: 'Integration', action: 'Smoke', status: 'Failed', error: 'it answers as another image' },
      ),
    )
    await assert.rejects(watchPipeline(settings, ports), /Integration Smoke failed: it answers as another image/)
    assert.match(terminal.said.at(-1)!, /Integration Smoke +FAILED: it answers as another image/)
  })

  it('names the way out where an alarm ended a roll-out', async () => {
    const error = 'Instance refresh failed. The CloudWatch alarm web-ErrorAlarm-1 is in the ALARM state.'
    const { pipelines, ports } = watching(pipeline(stage('Staging', 'Failed', action('Deploy', 'Failed'))), {
      status: 'Failed',
    })
    pipelines.actionRuns.push(...actionRuns({ stage: 'Staging', action: 'Deploy', status: 'Failed', error }))
    await assert.rejects(watchPipeline(settings, ports), ({ remedy }: RigletError) => {
      assert.match(remedy, /make update-app ENV=\.\.\. IMAGE=ami-\.\.\. ROLL_OUT_ALARMS=ignore$/)
      return true
    })
  })

  for (const [what, then, words] of [
    ['in the structure that the pipeline has now', 7, /goes back to its last good image by itself/],
    [
      'before the pipeline was changed',
      6,
      /cannot go back by itself.*\n.*ENV=staging REPO=web BRANCH=main IMAGE=ami-1/,
    ],
    ['never', undefined, /nothing to go back to/],
  ] as const)
    it(`tells where a stage goes back to that was passed ${what}`, async () => {
      const smoke = { stage: 'Staging', action: 'Smoke' }
      const { pipelines, ports } = watching(
        { ...pipeline(stage('Staging', 'Failed')), version: 7 },
        { status: 'Failed' },
      )
      pipelines.history.push(execution('e0', { status: 'Succeeded', type: 'ROLLBACK' }))
      if (then !== undefined) pipelines.history.push({ ...execution('e-1', { status: 'Succeeded' }), version: then })
      const of: Record<string, ReturnType<typeof actionRuns>> = {
        e1: actionRuns({ ...smoke, status: 'Failed', error: '503' }),
        e0: actionRuns(smoke),
        'e-1': actionRuns({ stage: 'Bake', action: 'Bake', variables: { IMAGE_ID: 'ami-1' } }, smoke),
      }
      const asked = { ...pipelines, runs: (_: string, id: string) => Promise.resolve(of[id]!) }
      await assert.rejects(watchPipeline(settings, { ...ports, pipelines: asked }), ({ remedy }: RigletError) =>
        words.test(remedy),
      )
    })

  it('says that a newer push overtook this one', async () => {
    const { terminal, ports } = watching(pipeline(), { status: 'Superseded' })
    await watchPipeline(settings, ports)
    assert.match(terminal.said.join('\n'), /superseded by a newer push/)
  })

  it('finds an execution of any age by its id', async () => {
    const { terminal, pipelines, ports } = watching(later, { status: 'Succeeded' })
    const listed = { ...pipelines, executions: () => Promise.resolve([execution('e9')]) }
    await watchPipeline({ ...settings, EXECUTION_ID: 'e1' }, { ...ports, pipelines: listed })
    assert.deepEqual(terminal.said, ['Execution e1 succeeded.'])
  })

  it('refuses at once an execution that there never was, and says where they are listed', async () => {
    const { ports } = watching(later, { status: 'Succeeded' })
    await assert.rejects(watchPipeline({ ...settings, EXECUTION_ID: 'e7' }, ports), (error: RigletError) => {
      assert.equal(error.message, 'EXECUTION_ID=e7: acme-shop-pipeline-web-main has no such execution.')
      assert.match(
        error.remedy,
        /aws .*codepipeline list-pipeline-executions --pipeline-name acme-shop-pipeline-web-main .*--region /,
      )
      return true
    })
  })

  it('says once that nothing has run yet, and monitors what is pushed then', async () => {
    const { terminal, pipelines, ports } = watching(later, {})
    pipelines.history = []
    let slept = 0
    const sleep = () => {
      if ((slept += 1) === 2) pipelines.history = [execution('e1', { status: 'Succeeded' })]
      return Promise.resolve()
    }
    await watchPipeline(settings, { ...ports, clock: { ...ports.clock, sleep } })
    assert.deepEqual(terminal.said, [
      'acme-shop-pipeline-web-main has not run yet; `make push` starts it.',
      'Execution e1 succeeded.',
    ])
  })

  for (const [chosen, again] of [
    [{}, 'make watch-pipeline'],
    [{ EXECUTION_ID: 'e1' }, 'make watch-pipeline EXECUTION_ID=e1'],
  ] as const)
    it(`says at Ctrl-C that the pipeline goes on, and how to go on with it: ${again}`, async () => {
      const { ports } = watching(pipeline(stage('Bake', 'InProgress')), {})
      const stopped = { ...ports, clock: { ...ports.clock, sleep: () => Promise.reject(interrupted()) } }
      await assert.rejects(watchPipeline({ ...settings, ...chosen }, stopped), (error: RigletError) => {
        assert.equal(error.exitCode, 130)
        assert.equal(error.message, 'Stopped monitoring. The pipeline acme-shop-pipeline-web-main goes on.')
        assert.equal(error.remedy, `\`${again}\` monitors it again.`)
        return true
      })
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
