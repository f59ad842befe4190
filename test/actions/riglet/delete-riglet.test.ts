import assert from 'node:assert/strict'
import { deleteRiglet } from '../../../scripts/actions/riglet/delete-riglet.ts'
import { RigletError } from '../../../scripts/core/errors.ts'
import { fakeRegion } from '../../fakes/regional.ts'
import { settings, tags } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'
import { ground, home, away, ports } from './support/whole-riglet.ts'

describe('delete-riglet', () => {
  it('takes a stack that holds only a plan and shows no tags, by its name; not another riglet’s (R14)', async () => {
    const here = fakeRegion({
      stacks: fakeStacks({
        states: [
          stackState('acme-shop-artifacts', 'CREATE_COMPLETE', { tags }),
          stackState('acme-shop-production-foundation', 'REVIEW_IN_PROGRESS', { tags: {} }),
          stackState('acme-shop-two-production-foundation', 'REVIEW_IN_PROGRESS', { tags: {} }),
        ],
      }),
    })
    await deleteRiglet(settings, ports(answering('acme-shop'), here))
    assert.deepEqual([...here.stacks.states.keys()], ['acme-shop-two-production-foundation'])
  })

  it('takes everything of the riglet in every region, and nothing else (R14)', async () => {
    const [here, there] = [home(), away()]
    const terminal = answering('acme-shop')
    await deleteRiglet(settings, ports(terminal, here, there))
    assert.deepEqual([...here.stacks.states.keys()], ['acme-blog-artifacts'])
    assert.deepEqual([...here.held.images.keys()], ['ami-theirs'])
    assert.deepEqual([...here.held.snapshots.keys()], ['snap-theirs'])
    assert.deepEqual([...here.held.instances.keys()], ['i-theirs'])
    assert.deepEqual([...here.held.buckets.keys()], ['acme-blog-artifacts-source'])
    assert.deepEqual([...here.held.parameters.keys()], ['/acme/blog/REPO'])
    assert.equal(there.held.images.size, 0)
    assert.equal(there.held.parameters.size, 0)
    assert.match(terminal.shown[0]!, /All of acme-shop will be DELETED, and cannot be brought back/)
    assert.match(terminal.shown[0]!, /us-east-1:\n! - image ami-copy/)
  })

  it('takes pipelines first, apps before their ground, and the deploy role last (R15)', async () => {
    const here = home()
    await deleteRiglet(settings, ports(answering('acme-shop'), here))
    assert.deepEqual(here.stacks.removed, [
      'acme-shop-pipeline-shop-main',
      'acme-shop-integration-app-shop-main',
      ground,
      'acme-shop-artifacts',
    ])
  })

  it('deletes nothing unless the name is typed: a yes is not enough (R17)', async () => {
    for (const [terminal, more] of [
      [answering('yes'), {}],
      [answering(), { YES: '1' }],
      [answering(), { RIGLET: 'acme-blog' }],
    ] as const) {
      const here = home()
      const work = deleteRiglet({ ...settings, ...more }, ports(terminal, here))
      await assert.rejects(
        work,
        ({ code, remedy }: RigletError) => code === 'NOT_CONFIRMED' && /RIGLET=acme-shop/.test(remedy),
      )
      assert.deepEqual(here.stacks.removed, [])
      assert.equal(here.held.images.size, 2)
    }
  })

  it('takes the name from a setting where there is no terminal', async () => {
    const here = home()
    await deleteRiglet({ ...settings, RIGLET: 'acme-shop' }, ports(answering(), here))
    assert.equal(here.stacks.removed.length, 4)
  })

  it('deletes nothing while one of the stacks is protected', async () => {
    const here = home(true)
    const work = deleteRiglet(settings, ports(answering('acme-shop'), here))
    await assert.rejects(
      work,
      ({ code, remedy }: RigletError) =>
        code === 'STACK_PROTECTED' && /--stack-name \S+ --region eu-central-1 --profile acme$/.test(remedy),
    )
    assert.deepEqual(here.stacks.removed, [])
  })

  it('goes on where a region is closed to us, and says which (R14)', async () => {
    const here = home()
    const closed = fakeRegion()
    const denied = new RigletError('ACCESS_DENIED', 'not in this region')
    const there = { ...closed, stacks: { ...closed.stacks, list: () => Promise.reject(denied) } }
    const terminal = answering('acme-shop')
    await deleteRiglet(settings, ports(terminal, here, there))
    assert.ok(terminal.said.includes('Not looked at, for lack of rights: us-east-1'))
    assert.equal(here.stacks.removed.length, 4)
    await assert.rejects(deleteRiglet({ ...settings, REGION: 'us-east-1' }, ports(answering(), here, there)), denied)
  })

  it('says so when there is nothing, and a second run finds nothing', async () => {
    const here = home()
    await deleteRiglet(settings, ports(answering('acme-shop'), here))
    const terminal = answering()
    await deleteRiglet(settings, ports(terminal, here))
    assert.deepEqual(terminal.shown, ['acme-shop: there is nothing to delete'])
  })
})
