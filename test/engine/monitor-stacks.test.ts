import assert from 'node:assert/strict'
import { monitorStacks, type MonitoredStack } from '../../scripts/engine/monitor-stacks.ts'
import { interrupted } from '../../scripts/core/errors.ts'
import type { RigletError } from '../../scripts/core/errors.ts'
import { fakeClock } from '../fakes/image-ports.ts'
import { fakeStacks, idOf, stackState } from '../fakes/stacks.ts'
import { answering } from '../fakes/terminal.ts'

const monitored = (stack: string, operation: MonitoredStack['operation'] = 'delete'): MonitoredStack => ({
  title: stack,
  stack,
  stackId: idOf(stack),
  operation,
  beginning: { type: 'latest' },
})

describe('monitor-stacks', () => {
  it('monitors several stacks in one stream of polls', async () => {
    const stacks = fakeStacks({ states: [stackState('a'), stackState('b')] })
    await stacks.remove(idOf('a'))
    await stacks.remove(idOf('b'))
    const before = stacks.calls.length
    const ends = await monitorStacks(
      [monitored('a'), monitored('b')],
      { stacks, terminal: answering(), clock: fakeClock() },
      'x',
    )
    assert.deepEqual(
      ends.map(({ type }) => type),
      ['done', 'done'],
    )
    const polls = stacks.calls.slice(before)
    assert.deepEqual(
      polls.slice(0, 4).map((call) => call.at(-3)),
      ['a', 'b', 'a', 'b'],
    )
  })

  it('says what is done as it happens, and draws what is under way', async () => {
    const stacks = fakeStacks({ states: [stackState('a')] })
    await stacks.remove(idOf('a'))
    const terminal = answering()
    await monitorStacks([monitored('a')], { stacks, terminal, clock: fakeClock() }, 'x')
    assert.match(terminal.said.join('\n'), /a {2}deleted {2}Thing \(topic\)/)
    assert.ok(terminal.drawn.some((lines) => lines.some((line) => /Thing/.test(line))))
  })

  it('stops at Ctrl-C, and says that CloudFormation goes on and how to go on', async () => {
    const stacks = fakeStacks({ states: [stackState('a')] })
    await stacks.remove(idOf('a'))
    const clock = { ...fakeClock(), sleep: () => Promise.reject(interrupted()) }
    const work = monitorStacks(
      [monitored('a')],
      { stacks, terminal: answering(), clock },
      'make status-environment ENV=staging',
    )
    const error = await work.then(
      () => assert.fail('it went on'),
      (caught: unknown) => caught as RigletError,
    )
    assert.equal(error.exitCode, 130)
    assert.match(error.message, /CloudFormation goes on with a/)
    assert.match(error.remedy, /make status-environment ENV=staging\nRun the same command again/)
  })

  it('asks the stack itself when its events stay away', async () => {
    const stacks = fakeStacks({ states: [stackState('a', 'UPDATE_COMPLETE')] })
    const [end] = await monitorStacks(
      [monitored('a', 'update')],
      { stacks, terminal: answering(), clock: fakeClock() },
      'x',
    )
    assert.equal(end!.type, 'done')
  })

  it('takes a stack that is gone for deleted, and for a failure if it was to be updated', async () => {
    const ports = { stacks: fakeStacks(), terminal: answering(), clock: fakeClock() }
    const ends = await monitorStacks([monitored('a'), monitored('b', 'update')], ports, 'x')
    assert.deepEqual(
      ends.map(({ type }) => type),
      ['done', 'failed'],
    )
  })

  it('does not wait for ever', async () => {
    const stacks = fakeStacks({ states: [stackState('a', 'UPDATE_IN_PROGRESS')] })
    const work = monitorStacks([monitored('a', 'update')], { stacks, terminal: answering(), clock: fakeClock() }, 'x')
    await assert.rejects(work, (error: RigletError) => error.code === 'WAIT_TOO_LONG')
  })
})
