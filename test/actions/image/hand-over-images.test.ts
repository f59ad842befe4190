import assert from 'node:assert/strict'
import { handOverImages } from '../../../scripts/actions/image/hand-over-images.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { fakeBuckets, fakeFiles, imageFacts } from '../../fakes/image-ports.ts'

const image = imageFacts('ami-0new', { Version: '1.4.3', Commit: '4d1a90b7', Owner: 'o' })
const order = { images: [{ image, baked: true }], bucket: 'artifacts' }

const world = () => {
  const files = fakeFiles({ 'out/bake/x86_64/packages.json': '{"nginx": "1.22"}' })
  const buckets = fakeBuckets()
  return { files, buckets }
}

describe('hand-over-images', () => {
  it('tells the next stages which image it is in a variable that a shell can read (R47)', async () => {
    const ports = world()
    await handOverImages(order, ports)
    assert.equal(ports.files.content.get('out/exports.env'), "export IMAGE_ID='ami-0new'\n")
  })

  it('names the line where a package list is wrong', async () => {
    const ports = world()
    ports.files.content.set('out/bake/x86_64/packages.json', '{\n  "nginx": \n}')
    await assert.rejects(handOverImages(order, ports), ({ code, message }: RigletError) => {
      assert.equal(code, 'FILE')
      return message.startsWith('out/bake/x86_64/packages.json:3:1: ')
    })
  })

  it('keeps the package list of a new image, and none for one that was there already', async () => {
    const ports = world()
    await handOverImages({ ...order, images: [{ image, baked: false }] }, ports)
    assert.equal(ports.buckets.objects.size, 0)
    await handOverImages(order, ports)
    assert.equal(ports.buckets.objects.get('artifacts/packages/ami-0new.json'), '{"nginx": "1.22"}')
  })

  it('leaves all of several images, keeps the list of each, and names none of them to a pipeline', async () => {
    const ports = world()
    ports.files.content.set('out/bake/arm64/packages.json', '{"nginx": "1.23"}')
    const arm = { ...imageFacts('ami-0arm'), architecture: 'arm64' }
    await handOverImages({ images: [...order.images, { image: arm, baked: true }], bucket: 'artifacts' }, ports)
    const left = JSON.parse(ports.files.content.get('out/image.json')!) as { id: string; baked: boolean }[]
    assert.deepEqual(
      left.map(({ id, baked }) => [id, baked]),
      [
        ['ami-0new', true],
        ['ami-0arm', true],
      ],
    )
    assert.equal(ports.buckets.objects.get('artifacts/packages/ami-0arm.json'), '{"nginx": "1.23"}')
    assert.equal(ports.files.content.get('out/exports.env'), '')
  })
})
