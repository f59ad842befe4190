import assert from 'node:assert/strict'
import { builderTags, sweepAll, sweepBuilders } from '../../../scripts/actions/image/sweep-builders.ts'
import { isRigletError } from '../../../scripts/core/errors.ts'
import { fakeClock, fakeImages, fakeTerminal, imageFacts } from '../../fakes/image-ports.ts'

const settings = { OWNER: 'o', PROJECT: 'p', REPO: 'web', BRANCH: 'main' }
const BUILD = 'arn:aws:codebuild:us-east-1:123456789012:build/o-p-jobs-web-main-bake:1'
const baked = { ...builderTags(settings, 'bake', 'pipeline web main'), Build: BUILD }
const retried = { ...baked, Build: `${BUILD}-again` }
const finished = { ...baked, Inputs: 'abc' }
const machines = [
  { id: 'i-1', tags: baked },
  { id: 'i-2', tags: builderTags(settings, 'verify', 'hand web main') },
  { id: 'i-retry', tags: retried },
  { id: 'i-other', tags: builderTags(settings, 'bake', 'pipeline api main') },
  { id: 'i-app', tags: { Owner: 'o', Project: 'p', App: 'web-main' } },
]

const world = (answer?: boolean) => {
  const images = fakeImages(
    [imageFacts('ami-half', baked, 'pending'), imageFacts('ami-retry', retried), imageFacts('ami-good', finished)],
    machines,
    {
      keys: [
        { id: 'packer_1', tags: baked },
        { id: 'packer_retry', tags: retried },
        { id: 'mine', tags: { Owner: 'o', Project: 'p' } },
      ],
      snapshots: [
        { id: 'snap-half', tags: baked },
        { id: 'snap-good', tags: finished },
      ],
    },
  )
  const silent = fakeTerminal()
  const terminal = answer === undefined ? silent : { ...silent, confirm: () => Promise.resolve(answer) }
  const left = () =>
    [images.running, images.keys, images.all, images.orphans].map((things: ReadonlyMap<string, unknown>) => [
      ...things.keys(),
    ])
  return { images, terminal, clock: fakeClock(), left }
}

describe('make sweep', () => {
  it("removes what bakes and verifications of this branch left, and no app's machine or finished image (G33)", async () => {
    const ports = world(true)
    await sweepAll(settings, ports)
    assert.deepEqual(ports.left(), [['i-other', 'i-app'], ['mine'], ['ami-good'], ['snap-good']])
    assert.ok(ports.terminal.said.includes('i-1  bake, pipeline web main'))
  })

  it('changes nothing when the answer is no (R17)', async () => {
    const ports = world(false)
    const before = ports.left()
    await sweepAll(settings, ports)
    assert.deepEqual(ports.left(), before)
  })

  it('removes what one build left, without a question, and nothing of its retry', async () => {
    const ports = world()
    await sweepAll({ ...settings, BUILD }, ports)
    assert.deepEqual(ports.left(), [
      ['i-2', 'i-retry', 'i-other', 'i-app'],
      ['packer_retry', 'mine'],
      ['ami-retry', 'ami-good'],
      ['snap-good'],
    ])
    assert.ok(ports.terminal.said.includes('Nothing is left.'))
  })

  it('looks again, because the snapshot of an image in the making shows late', async () => {
    const ports = world()
    const remove: typeof ports.images.remove = async (image) => {
      await ports.images.remove(image)
      ports.images.orphans.set('snap-late', { id: 'snap-late', tags: baked })
    }
    await sweepAll({ ...settings, BUILD }, { ...ports, images: { ...ports.images, remove } })
    assert.deepEqual([...ports.images.orphans.keys()], ['snap-good'])
  })

  it('names what cannot be removed, and gives up', async () => {
    const ports = world()
    const images = { ...ports.images, remove: () => Promise.resolve() }
    await assert.rejects(
      () => sweepAll({ ...settings, BUILD }, { ...ports, images }),
      (error: unknown) => isRigletError(error, 'WAIT_TOO_LONG') && /^ami-half still is there/.test(error.message),
    )
  })
})

describe('the sweep before a bake', () => {
  it('says what an earlier one left', async () => {
    const ports = world()
    await sweepBuilders(builderTags(settings, 'bake', 'pipeline web main'), ports)
    assert.deepEqual(ports.left().slice(1), [['mine'], ['ami-good'], ['snap-good']])
    assert.match(ports.terminal.said.join(), /An earlier bake left i-1, i-retry, packer_1.*removing/)
  })
})
