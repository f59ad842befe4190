import assert from 'node:assert/strict'
import { listStacks, protectRiglet, unprotectRiglet } from '../../../scripts/actions/riglet/parent-stacks.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { layers } from '../../../scripts/core/layers/layers.ts'
import { stackPolicy } from '../../../scripts/core/layers/protection.ts'
import { settings, tags } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const of = (name: string, Layer: string, more: object = {}) =>
  stackState(name, 'CREATE_COMPLETE', { tags: { ...tags, Layer, ...more } })
const ground = of('acme-shop-staging-foundation', 'foundation', { Environment: 'staging' })
const pipeline = of('acme-shop-pipeline-shop-main', 'pipeline')
const app = of('acme-shop-staging-app-shop-main', 'app', { Environment: 'staging' })
const other = stackState('others', 'CREATE_COMPLETE', { tags: { Owner: 'others', Project: 'shop' } })
const world = (...states: readonly (typeof ground)[]) => fakeStacks({ states: [...states, other] })
const all = (isProtected = false) =>
  world(...[app, ground, pipeline].map((state) => ({ ...state, protected: isProtected })))
const protectedIn = (stacks: ReturnType<typeof all>) =>
  [...stacks.states.values()].filter((state) => state.protected).map(({ name }) => name)

describe('the stacks of a riglet', () => {
  it('are listed with what each is and whether it is protected (R13)', async () => {
    const terminal = answering()
    const stacks = world(app, { ...ground, protected: true })
    await listStacks(settings, { stacks, terminal })
    assert.equal(
      terminal.shown[0],
      [
        'Stack                            Layer       Status           Protected',
        'acme-shop-staging-app-shop-main  app         CREATE_COMPLETE  no',
        'acme-shop-staging-foundation     foundation  CREATE_COMPLETE  yes',
      ].join('\n'),
    )
    await listStacks({ ...settings, JSON: '1' }, { stacks, terminal })
    const data = JSON.parse(terminal.shown[1]!) as readonly Record<string, unknown>[]
    assert.deepEqual(
      data.map((one) => [one['stack'], one['layer'], one['protected']]),
      [
        [app.name, 'app', false],
        [ground.name, 'foundation', true],
      ],
    )
  })

  it('are protected at once, all that apps stand on, and nobody else’s (R13)', async () => {
    const stacks = all()
    const terminal = answering()
    await protectRiglet(settings, { stacks, terminal })
    assert.deepEqual(protectedIn(stacks), [ground.name, pipeline.name])
    assert.equal(stacks.policies.get(ground.id), stackPolicy(layers.foundation.holdsState))
    assert.match(
      terminal.said.join('\n'),
      /pipeline-shop-main: protected against deletion\n.*foundation: protected against deletion, and/,
    )
  })

  it('are freed by the riglet’s name, and by no yes (R13)', async () => {
    for (const terminal of [answering(), answering('yes')]) {
      const stacks = all(true)
      await assert.rejects(
        unprotectRiglet(settings, { stacks, terminal }),
        ({ code, remedy }: RigletError) => code === 'NOT_CONFIRMED' && remedy.includes('RIGLET=acme-shop'),
      )
      assert.equal(protectedIn(stacks).length, 3)
    }
    const stacks = all(true)
    assert.equal(await unprotectRiglet({ ...settings, RIGLET: 'acme-shop' }, { stacks, terminal: answering() }), 0)
    assert.deepEqual(protectedIn(stacks), [app.name])
    assert.equal(stacks.policies.get(ground.id), stackPolicy([]))
  })

  it('need no name where none is protected, and are told where there are none', async () => {
    const terminal = answering()
    assert.equal(await unprotectRiglet(settings, { stacks: all(), terminal }), 0)
    assert.deepEqual(terminal.asked, [])
    for (const work of [listStacks, protectRiglet, unprotectRiglet])
      await assert.rejects(
        work(settings, { stacks: world(), terminal }),
        ({ code }: RigletError) => code === 'NOT_FOUND',
      )
  })
})
