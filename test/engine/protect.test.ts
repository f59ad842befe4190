import assert from 'node:assert/strict'
import { deleteRiglet } from '../../scripts/actions/riglet/delete-riglet.ts'
import { changeApp, appSubject, deleteApp } from '../../scripts/actions/app/app.ts'
import { changeEnvironment, deleteEnvironment } from '../../scripts/actions/environment/environment.ts'
import { protectApproved } from '../../scripts/actions/approval/protect-approved.ts'
import { protectSubject, unprotectSubject } from '../../scripts/engine/protect.ts'
import { accessDenied } from '../../scripts/core/access/errors.ts'
import type { RigletError } from '../../scripts/core/errors.ts'
import { layers } from '../../scripts/core/layers/layers.ts'
import { stackPolicy } from '../../scripts/core/layers/protection.ts'
import { fakeAccount, fakeFiles, fakePorts, fakeRegion, imageFacts } from '../fakes/regional.ts'
import { settings as staging, tags, templates } from '../fakes/riglet.ts'
import { fakeStacks, stackState, type FakeStacks } from '../fakes/stacks.ts'
import { answering, type FakeTerminal } from '../fakes/terminal.ts'

const settings = { ...staging, ENV: 'production' }
const app = 'acme-shop-production-app-shop-main'
const ground = 'acme-shop-production-foundation'
const production = { ...tags, Environment: 'production' }
const image = 'ami-00000000000000001'
const ports = (stacks: FakeStacks, terminal: FakeTerminal) => {
  const region = fakeRegion({ stacks, images: [imageFacts(image, { tags: { Version: '1', Commit: 'c' } })] })
  const account = fakeAccount({ regions: ['eu-central-1'] })
  return fakePorts(terminal, region, { files: fakeFiles(templates), account, elsewhere: { 'eu-central-1': region } })
}
const running = (more: object = {}) =>
  stackState(app, 'UPDATE_COMPLETE', { tags: production, parameters: { Foundation: ground, ImageId: image }, ...more })
const foundation = (more: object = {}) => stackState(ground, 'CREATE_COMPLETE', { tags: production, ...more })

describe('production’s stacks', () => {
  it('are protected once a person has created or updated them, and that is said', async () => {
    const stacks = fakeStacks()
    const terminal = answering('yes')
    await changeEnvironment('create', settings, ports(stacks, terminal))
    const { id } = stacks.states.get(ground)!
    assert.ok(stacks.states.get(ground)!.protected)
    assert.equal(stacks.policies.get(id), stackPolicy(layers.foundation.holdsState))
    assert.match(terminal.said.at(-1)!, /-production-foundation: protected against deletion, and against losing Vpc, /)
    const apps = fakeStacks({ states: [running()] })
    await changeApp('update', { ...settings, HOST_NAME: 'shop.example' }, ports(apps, answering('yes')))
    assert.equal(apps.policies.get(running().id), stackPolicy(layers.app.holdsState))
  })

  it('are protected by an update that finds nothing to change: the pipeline made them', async () => {
    const stacks = fakeStacks()
    await changeEnvironment('create', settings, ports(stacks, answering('yes')))
    stacks.states.set(ground, { ...stacks.states.get(ground)!, protected: false })
    await changeEnvironment('update', settings, ports(stacks, answering()))
    assert.ok(stacks.states.get(ground)!.protected)
  })

  it('are not protected by what was declined or failed, and staging’s never by itself', async () => {
    const declined = fakeStacks({ states: [running()] })
    await changeApp('update', { ...settings, HOST_NAME: 'shop.example' }, ports(declined, answering('no')))
    const failed = fakeStacks({ failing: { [ground]: 'no' } })
    await assert.rejects(changeEnvironment('create', settings, ports(failed, answering('yes'))))
    const other = fakeStacks()
    await changeEnvironment('create', staging, ports(other, answering('yes')))
    for (const { policies } of [declined, failed, other]) assert.equal(policies.size, 0)
  })

  it('are protected with an approval, which holds even where that is refused', async () => {
    const stacks = fakeStacks({ states: [running()] })
    await protectApproved(app, ports(stacks, answering()))
    assert.ok(stacks.states.get(app)!.protected)
    const terminal = answering()
    const denied = {
      ...fakeStacks({ states: [running()] }),
      protect: () => Promise.reject(accessDenied('no right', null)),
    }
    await protectApproved(app, { terminal, stacks: denied })
    assert.match(terminal.said[0]!, /is not protected against deletion: no right/)
    await protectApproved(app, { terminal, stacks: fakeStacks({ states: [stackState(app, 'REVIEW_IN_PROGRESS')] }) })
    assert.match(terminal.said[1]!, /is new\. Once it is there, make protect-app ENV=production/)
  })

  it('are kept from deletion alone where they hold nothing that an update could lose', async () => {
    const stacks = fakeStacks({ states: [stackState('acme-shop-pipeline-shop-main')] })
    const terminal = answering()
    const subject = { ...appSubject(settings), stacks: ['acme-shop-pipeline-shop-main'] }
    await protectSubject(subject, ports(stacks, terminal))
    assert.ok(stacks.states.get('acme-shop-pipeline-shop-main')!.protected)
    assert.deepEqual(terminal.said, ['acme-shop-pipeline-shop-main: protected against deletion'])
  })

  it('are protected and freed at a person’s word, the latter by name', async () => {
    const stacks = fakeStacks({ states: [running()] })
    await protectSubject(appSubject(settings), ports(stacks, answering()))
    assert.ok(stacks.states.get(app)!.protected)
    const free = (typed: string | undefined, terminal = answering()) =>
      unprotectSubject(appSubject(settings), typed, ports(stacks, terminal))
    for (const work of [free(undefined), free('yes'), free(undefined, answering('yes'))])
      await assert.rejects(
        work,
        ({ code, remedy }: RigletError) => code === 'NOT_CONFIRMED' && remedy.includes(`NAME=${app}`),
      )
    assert.ok(stacks.states.get(app)!.protected)
    assert.equal(await free(app), 0)
    assert.ok(!stacks.states.get(app)!.protected)
    assert.equal(stacks.policies.get(running().id), stackPolicy([]))
  })
})

describe('deleting what is production’s', () => {
  const all = () => fakeStacks({ states: [foundation({ protected: true }), running({ protected: true })] })

  for (const [what, verb, name, gone] of [
    ['an app', deleteApp, app, [app]],
    ['an environment', deleteEnvironment, ground, [app, ground]],
  ] as const) {
    it(`wants its name, and no yes will do: ${what}`, async () => {
      for (const terminal of [answering('yes'), answering(), answering('')]) {
        const stacks = all()
        const work = verb({ ...settings, YES: '1' }, ports(stacks, terminal))
        await assert.rejects(work, ({ code, remedy }: RigletError) => code === 'NOT_CONFIRMED' && remedy.includes(name))
        assert.deepEqual([stacks.removed, stacks.policies.size], [[], 0])
      }
    })

    it(`lifts its protection then: ${what}`, async () => {
      const stacks = all()
      assert.equal(await verb(settings, ports(stacks, answering(name))), 0)
      assert.deepEqual(stacks.removed, gone)
      const given = all()
      assert.equal(await verb({ ...settings, NAME: name }, ports(given, answering())), 0)
      assert.deepEqual(given.removed, gone)
    })
  }

  it('is done with the whole riglet by the riglet’s name', async () => {
    const stacks = all()
    await deleteRiglet(settings, ports(stacks, answering('acme-shop')))
    assert.deepEqual(stacks.removed, [app, ground])
  })

  it('leaves protection that is not ours, and what it stands on', async () => {
    const pipeline = stackState('acme-shop-pipeline-shop-main', 'CREATE_COMPLETE', { tags, protected: true })
    const stacks = fakeStacks({ states: [running({ protected: true }), pipeline] })
    const work = deleteRiglet(settings, ports(stacks, answering('acme-shop')))
    await assert.rejects(work, ({ code }: RigletError) => code === 'STACK_PROTECTED')
    assert.deepEqual([stacks.removed, stacks.policies.size], [[], 0])
  })
})
