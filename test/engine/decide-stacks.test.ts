import assert from 'node:assert/strict'
import { decideStacks } from '../../scripts/engine/decide-stacks.ts'
import { commandsOf } from '../../scripts/core/commands.ts'
import type { RigletError } from '../../scripts/core/errors.ts'
import { fakeInspection } from '../fakes/pipelines.ts'
import { fakeStacks, stackState } from '../fakes/stacks.ts'

const desired = { name: 'web', title: '', file: '', template: '', parameters: {}, tags: {}, capabilities: [] }

describe('a stack that waits for a person', () => {
  const look = (status: string) =>
    decideStacks([desired], 'update', commandsOf('environment', { ENV: 'staging' }), {
      stacks: fakeStacks({ states: [stackState('web', status)] }),
      inspection: fakeInspection({}, {}),
    })

  it('is helped by a command that shows what would be done', async () => {
    await assert.rejects(look('UPDATE_ROLLBACK_FAILED'), ({ code, remedy }: RigletError) => {
      assert.equal(code, 'STACK_BROKEN')
      assert.equal(remedy, 'Put right what it names, then: make recover-environment ENV=staging')
      return true
    })
  })

  it('is deleted anew where its deletion failed', async () => {
    await assert.rejects(look('DELETE_FAILED'), ({ remedy }: RigletError) =>
      /then: make delete-environment ENV=staging\n.*: make recover-environment ENV=staging SKIP=\.\.\.$/.test(remedy),
    )
  })
})
