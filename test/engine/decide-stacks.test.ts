import assert from 'node:assert/strict'
import { decideStacks } from '../../scripts/engine/decide-stacks.ts'
import { commandsOf } from '../../scripts/core/commands.ts'
import type { RigletError } from '../../scripts/core/errors.ts'
import { fakeInspection } from '../fakes/pipelines.ts'
import { fakeStacks, stackState } from '../fakes/stacks.ts'

const desired = { name: 'web', title: '', file: '', template: '', parameters: {}, tags: {}, capabilities: [] }

describe('what was said when a stack was made', () => {
  const template = 'Parameters:\n  Cidr: { Type: String }\nResources: {}\n'
  const look = (parameters: Readonly<Record<string, string>>, has: Readonly<Record<string, string>> | undefined) =>
    decideStacks(
      [{ ...desired, template, parameters, defaults: { Cidr: '10.2.0.0/16' }, fixed: ['Cidr'] }],
      'plan',
      commandsOf('environment', { ENV: 'staging' }),
      {
        stacks: fakeStacks({
          states: has === undefined ? [] : [stackState('web', 'CREATE_COMPLETE', { parameters: has })],
        }),
        inspection: fakeInspection({}, {}),
      },
    )
  const asked = async (...one: Parameters<typeof look>) => (await look(...one))[0]!.desired.parameters

  it('is its default where nobody says anything', async () => {
    assert.deepEqual(await asked({}, undefined), { Cidr: '10.2.0.0/16' })
    assert.deepEqual(await asked({ Cidr: '10.9.0.0/16' }, undefined), { Cidr: '10.9.0.0/16' })
  })

  it('stays what it was', async () => {
    assert.deepEqual(await asked({}, { Cidr: '10.9.0.0/16' }), { Cidr: '10.9.0.0/16' })
  })

  // The second is a stack of an earlier version, whose template looked its addresses up.
  for (const has of [{ Cidr: '10.3.0.0/16' }, {}])
    it(`is refused where it is said otherwise later: ${has.Cidr ?? 'an earlier version'}`, async () => {
      await assert.rejects(look({ Cidr: '10.9.0.0/16' }, has), ({ code, message, remedy }: RigletError) => {
        assert.equal(code, 'CHANGE_SET')
        assert.equal(
          message,
          `web was made with Cidr ${has.Cidr ?? '10.2.0.0/16'}, and 10.9.0.0/16 is asked for: that would replace everything in it.`,
        )
        assert.match(remedy, /^Nothing was changed\./)
        return true
      })
    })
})

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
