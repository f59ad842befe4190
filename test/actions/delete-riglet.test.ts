import assert from 'node:assert/strict'
import { deleteRiglet } from '../../scripts/actions/delete-riglet.ts'
import { RigletError } from '../../scripts/core/errors.ts'
import { fakeAccount, fakePorts, fakeRegion, imageFacts, type FakeRegion } from '../fakes/regional.ts'
import { settings, tags } from '../fakes/riglet.ts'
import { fakeStacks, stackState } from '../fakes/stacks.ts'
import { answering, type FakeTerminal } from '../fakes/terminal.ts'

const theirs = { Owner: 'acme', Project: 'blog' }
const ground = 'acme-shop-integration-foundation'

const home = (protectedGround = false): FakeRegion =>
  fakeRegion({
    stacks: fakeStacks({
      states: [
        stackState('acme-shop-artifacts', 'CREATE_COMPLETE', { tags, outputs: { DeployRoleArn: 'arn' } }),
        stackState(ground, 'CREATE_COMPLETE', { tags, protected: protectedGround }),
        stackState('acme-shop-integration-app-shop-main', 'UPDATE_COMPLETE', {
          tags,
          parameters: { Foundation: ground },
        }),
        stackState('acme-shop-pipeline-shop-main', 'CREATE_COMPLETE', {
          tags,
          parameters: { BuildFoundation: ground },
        }),
        stackState('acme-blog-artifacts', 'CREATE_COMPLETE', { tags: theirs }),
      ],
    }),
    images: [imageFacts('ami-ours', { tags }), imageFacts('ami-theirs', { tags: theirs })],
    snapshots: { 'snap-ours': tags, 'snap-theirs': theirs },
    instances: { 'i-ours': tags, 'i-theirs': theirs },
    buckets: {
      'acme-shop-artifacts-source': { tags, versions: 7 },
      'acme-blog-artifacts-source': { tags: theirs, versions: 2 },
    },
    parameters: { '/acme/shop/REPO': 'shop', '/acme/blog/REPO': 'blog' },
  })

const away = (): FakeRegion =>
  fakeRegion({ images: [imageFacts('ami-copy', { tags })], parameters: { '/acme/shop/latest': 'ami-copy' } })

const ports = (terminal: FakeTerminal, here: FakeRegion, there = fakeRegion()) =>
  fakePorts(terminal, here, {
    account: fakeAccount({ regions: ['eu-central-1', 'us-east-1'] }),
    elsewhere: { 'eu-central-1': here, 'us-east-1': there },
  })

describe('delete-riglet', () => {
  it('takes a stack that holds only a plan and shows no tags, by its name; not another riglet’s (R14)', async () => {
    const here = fakeRegion({
      stacks: fakeStacks({
        states: [
          stackState('acme-shop-artifacts', 'CREATE_COMPLETE', { tags }),
          stackState('acme-shop-production-foundation', 'REVIEW_IN_PROGRESS'),
          stackState('acme-shop-two-production-foundation', 'REVIEW_IN_PROGRESS'),
        ],
      }),
    })
    await deleteRiglet(settings, ports(answering('acme-shop'), here))
    assert.deepEqual([...here.stacks.states.keys()], ['acme-shop-two-production-foundation'])
  })

  it('takes everything of the riglet in every region, and nothing else (R14, R16)', async () => {
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
    await assert.rejects(work, ({ code }: RigletError) => code === 'STACK_PROTECTED')
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
