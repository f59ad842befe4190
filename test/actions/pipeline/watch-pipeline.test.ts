import assert from 'node:assert/strict'
import { watchPipeline } from '../../../scripts/actions/pipeline/watch-pipeline.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import { interrupted } from '../../../scripts/core/errors.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { ActionState } from '../../../scripts/core/pipeline/state.ts'
import { actionRuns, execution } from '../../fakes/pipelines.ts'
import { settings, action, stage, pipeline, watching } from './support/watching.ts'

const later = pipeline(stage('Source', 'Succeeded'))

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
