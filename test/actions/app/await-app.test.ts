import assert from 'node:assert/strict'
import { awaitApp } from '../../../scripts/actions/app/await-app.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { fakeClock } from '../../fakes/image-ports.ts'
import { fakePorts, fakeRegion } from '../../fakes/regional.ts'
import { settings as staging } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const settings = { ...staging, ENV: 'production' }
const name = 'acme-shop-production-app-shop-main'

/** Shows statuses in turn, a look each, the last one for ever; none: there is no stack. */
function world(...statuses: readonly (string | undefined)[]) {
  const rest = [...statuses]
  const stacks = fakeStacks()
  const terminal = answering()
  const find = () => {
    const status = rest.length > 1 ? rest.shift() : rest[0]
    return Promise.resolve(status === undefined ? undefined : stackState(name, status))
  }
  const ports = {
    ...fakePorts(terminal, fakeRegion({ stacks })),
    stacks: { ...stacks, find },
    clock: fakeClock(),
  }
  return { ports, terminal, stacks }
}

describe('waiting for an app’s stack', () => {
  for (const status of [
    undefined,
    'UPDATE_COMPLETE',
    'UPDATE_ROLLBACK_COMPLETE',
    'REVIEW_IN_PROGRESS',
    'CREATE_COMPLETE',
  ])
    it(`goes on at once where it can be planned: ${status ?? 'none'}`, async () => {
      const { ports } = world(status)
      const began = ports.clock.now()
      await awaitApp(settings, ports)
      assert.deepEqual(ports.clock.now(), began)
    })

  it('waits while production rolls, or goes back, and says for what', async () => {
    const rolling = ['UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS']
    const { ports, terminal, stacks } = world(...rolling, 'UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE')
    await awaitApp(settings, ports)
    const said = terminal.said.join('\n')
    assert.equal(said.match(/is UPDATE_IN_PROGRESS: something else changes it/g)?.length, 1)
    assert.match(said, /is UPDATE_ROLLBACK_IN_PROGRESS.*\nWaiting for it, 60 minutes at most/)
    assert.deepEqual([stacks.planned, stacks.executed, stacks.removed], [[], [], []])
  })

  it('ends after an hour, and says what it waited for and how to go on', async () => {
    const { ports } = world('UPDATE_IN_PROGRESS')
    await assert.rejects(awaitApp(settings, ports), (error: RigletError) => {
      assert.equal(error.code, 'WAIT_TOO_LONG')
      assert.match(
        error.message,
        /^UPDATE_IN_PROGRESS of acme-shop-production-app-shop-main is not done after 60 minutes/,
      )
      assert.match(error.remedy, /make status-app ENV=production REPO=shop BRANCH=main\n.*make retry-pipeline$/)
      return true
    })
  })

  it('does not wait for what only a person can clear away, and names the command', async () => {
    const { ports } = world('ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE')
    await assert.rejects(awaitApp(settings, ports), (error: RigletError) => {
      assert.equal(error.code, 'STACK_BROKEN')
      assert.match(error.message, /is ROLLBACK_COMPLETE: its first deployment failed/)
      assert.match(error.remedy, /make recover-app ENV=production REPO=shop BRANCH=main\nThen: make retry-pipeline$/)
      return true
    })
    await assert.rejects(awaitApp(settings, world('UPDATE_ROLLBACK_FAILED').ports), (error: RigletError) => {
      assert.match(error.message, /waits for a person/)
      assert.match(error.remedy, /make recover-app ENV=production REPO=shop BRANCH=main\nThen: make retry-pipeline$/)
      return true
    })
  })
})
