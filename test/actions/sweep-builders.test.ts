import assert from 'node:assert/strict'
import { builderTags, sweepAll } from '../../scripts/actions/sweep-builders.ts'
import { fakeImages, fakeTerminal } from '../fakes/image-ports.ts'

const settings = { OWNER: 'o', PROJECT: 'p', REPO: 'web', BRANCH: 'main' }
const machines = [
  { id: 'i-1', tags: builderTags(settings, 'bake', 'pipeline web main') },
  { id: 'i-2', tags: builderTags(settings, 'verify', 'hand web main') },
  { id: 'i-other', tags: builderTags(settings, 'bake', 'pipeline api main') },
  { id: 'i-app', tags: { Owner: 'o', Project: 'p', App: 'web-main' } },
]

const world = (answer: boolean) => {
  const images = fakeImages([], machines)
  const terminal = { ...fakeTerminal(), confirm: () => Promise.resolve(answer) }
  return { images, terminal }
}

describe('make sweep', () => {
  it("ends what bakes and verifications of this branch left, and no app's machine (G33)", async () => {
    const ports = world(true)
    await sweepAll(settings, ports)
    assert.deepEqual([...ports.images.running.keys()], ['i-other', 'i-app'])
    assert.ok(ports.terminal.said.includes('i-1  bake, pipeline web main'))
  })

  it('changes nothing when the answer is no (R17)', async () => {
    const ports = world(false)
    await sweepAll(settings, ports)
    assert.equal(ports.images.running.size, machines.length)
  })
})
