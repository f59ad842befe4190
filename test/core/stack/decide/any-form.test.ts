import assert from 'node:assert/strict'
import fc from 'fast-check'
import { decide } from '../../../../scripts/core/stack/decide/decide.ts'
import { keepEarlier } from '../../../../scripts/core/stack/decide/keep-earlier.ts'
import { keptDigest } from '../../../../scripts/core/stack/decide/kept-digest.ts'
import { readTemplate } from '../../../../scripts/core/stack/template/read-template.ts'
import type { DesiredStack } from '../../../../scripts/core/stack/desired.ts'
import { stackState } from '../../../fakes/stacks.ts'
import { inAnyForm, meant, type Meant } from './any-form.ts'

const twoForms = meant.chain((meaning) =>
  fc.record({ meaning: fc.constant(meaning), first: inAnyForm(meaning), second: inAnyForm(meaning) }),
)
const defaultsOf = (meaning: Meant): Record<string, string> =>
  Object.fromEntries(
    Object.entries(meaning).flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]])),
  )

describe('a template in any form (property)', function () {
  this.timeout(60_000)

  it('has the same parameters', () => {
    fc.assert(
      fc.property(twoForms, ({ meaning, first }) => {
        const read = [...readTemplate('any', first).parameters].map(([name, { type, defaults }]) => [
          name,
          type,
          ...defaults,
        ])
        const expected = Object.entries(meaning).map(([name, { type, value }]) => [
          name,
          type,
          ...(value === undefined ? [] : [value]),
        ])
        assert.deepEqual(read.sort(), expected.sort())
      }),
      { numRuns: 150 },
    )
  })

  it('keeps what was set by hand, and only that', async () => {
    await fc.assert(
      fc.asyncProperty(
        twoForms,
        fc.string({ maxLength: 5 }),
        fc.nat(),
        async ({ meaning, first, second }, other, at) => {
          const names = Object.keys(meaning)
          const manual = names.filter((_, index) => (at >> index) % 2 === 1)
          const deployed: Record<string, string> = { ...defaultsOf(meaning) }
          for (const name of names)
            if (manual.includes(name) || deployed[name] === undefined)
              deployed[name] = `${deployed[name] ?? ''}+${other}`
          const expected = Object.fromEntries(
            Object.entries(deployed).filter(([name, value]) => meaning[name]!.value !== value),
          )
          const desiredIn = (template: string): DesiredStack => {
            const desired = {
              name: 'web',
              title: 'app',
              file: 'any',
              template,
              parameters: {},
              tags: {},
              capabilities: [],
            }
            return keepEarlier(desired, { ...deployed, Digest: 'd' }, readTemplate('any', template).parameters)
          }
          const [before, after] = [desiredIn(first), desiredIn(second)]
          assert.deepEqual({ ...after.parameters }, expected)
          assert.deepEqual(after.parameters, before.parameters)
          // Another form alone is a change set that holds nothing; the same one is in sync, and what is changed of it is seen.
          const Digest = await keptDigest(before)
          const state = stackState('web', 'UPDATE_COMPLETE', { parameters: { ...deployed, Digest }, tags: {} })
          assert.equal((await decide(before, state)).type, 'in sync')
          for (const name of names) {
            const moved = { ...state, parameters: { ...state.parameters, [name]: `${deployed[name]}!` } }
            // What somebody sets since, and nobody here speaks of, stays as it is.
            const told = name in before.parameters
            assert.equal((await decide(before, moved)).type, told ? 'plan' : 'in sync', name)
          }
        },
      ),
      { numRuns: 150 },
    )
  })
})
