import assert from 'node:assert/strict'
import { verifyVerb } from '../../../scripts/actions/image/image-verbs.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeFiles, fakeImages, fakePacker, fakeTerminal, imageFacts } from '../../fakes/image-ports.ts'

const settings = { OWNER: 'o', PROJECT: 'p', REGION: 'us-east-1', REPO: 'web', BRANCH: 'main', EXECUTION_ID: 'e' }
const passed = '<testsuite><testcase name="nginx runs"/></testsuite>'
const failed = '<testsuite><testcase name="nginx runs"><failure>no</failure></testcase></testsuite>'

describe('make verify of several images', () => {
  it('boots one after the other, and the machine of one is gone before the next one boots (G09, G10)', async () => {
    const ids = ['ami-0one', 'ami-0two', 'ami-0three']
    const images = fakeImages(ids.map((id) => imageFacts(id, { Version: '2' })))
    const files = fakeFiles({ 'out/image.json': JSON.stringify(ids.map((id) => ({ id }))) })
    const told: string[] = []
    let most = 0
    const plain = fakePacker(() => 0)
    const build: Ports['packer']['build'] = async (_, variables) => {
      const id = variables['image_id']!
      told.push(`${id} boots`)
      const tags = { Owner: 'o', Project: 'p', Builder: 'verify', BuiltFor: variables['built_for']! }
      images.running.set(id, { id, tags })
      most = Math.max(most, images.running.size)
      // Others would have their turn here.
      await new Promise((done) => setImmediate(done))
      files.content.set(variables['report']!, id === 'ami-0two' ? failed : passed)
      // One was killed, and leaves its machine.
      if (id !== 'ami-0two') images.running.delete(id)
      told.push(`${id} ends`)
      return { code: 0 }
    }
    const packer = { ...plain, build }
    const ports = { images, files, packer, terminal: fakeTerminal() } as unknown as Ports
    await assert.rejects(verifyVerb(settings, ports), /ami-0two/)
    assert.deepEqual(
      told,
      ids.flatMap((id) => [`${id} boots`, `${id} ends`]),
    )
    assert.deepEqual([most, images.running.size], [1, 0])
  })
})
