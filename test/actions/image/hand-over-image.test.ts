import assert from 'node:assert/strict'
import { handOverImage } from '../../../scripts/actions/image/hand-over-image.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { fakeBuckets, fakeFiles, imageFacts } from '../../fakes/image-ports.ts'

const image = imageFacts('ami-0new', { Version: '1.4.3', Commit: '4d1a90b7', Owner: 'o' })
const order = { image, baked: true, bucket: 'artifacts' }

const world = () => {
  const files = fakeFiles({ 'out/bake/packages.json': '{"nginx": "1.22"}' })
  const buckets = fakeBuckets()
  return { files, buckets }
}

describe('hand-over-image', () => {
  it('tells the next stages which image it is in a variable that a shell can read (R47)', async () => {
    const ports = world()
    await handOverImage(order, ports)
    assert.equal(ports.files.content.get('out/exports.env'), "export IMAGE_ID='ami-0new'\n")
  })

  it('names the line where a package list is wrong', async () => {
    const ports = world()
    ports.files.content.set('out/bake/packages.json', '{\n  "nginx": \n}')
    await assert.rejects(handOverImage(order, ports), ({ code, message }: RigletError) => {
      assert.equal(code, 'FILE')
      return message.startsWith('out/bake/packages.json:3:1: ')
    })
  })

  it('keeps the package list of a new image, and none for one that was there already', async () => {
    const ports = world()
    await handOverImage({ ...order, baked: false }, ports)
    assert.equal(ports.buckets.objects.size, 0)
    await handOverImage(order, ports)
    assert.equal(ports.buckets.objects.get('artifacts/packages/ami-0new.json'), '{"nginx": "1.22"}')
  })
})
