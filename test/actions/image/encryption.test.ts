import assert from 'node:assert/strict'
import { bakeVerb, verifyVerb } from '../../../scripts/actions/image/image-verbs.ts'
import { isRigletError } from '../../../scripts/core/errors.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeBuckets, imageFacts } from '../../fakes/image-ports.ts'
import { world } from './support/bake.ts'

const settings = {
  ...{ OWNER: 'o', PROJECT: 'p', REGION: 'us-east-1', REPO: 'web', BRANCH: 'main' },
  ...{ KEY_ARN: 'arn:key', COMMIT: '4d1a90b7' },
}
const desired = 'manifests/images.yaml'

/** `encrypts`: what EC2 does with the snapshots of what is made. */
const withImages = (yaml?: string, encrypts?: boolean) => {
  const here = world()
  if (yaml !== undefined) here.files.content.set(desired, yaml)
  const describe: typeof here.images.describe = async (ids) =>
    (await here.images.describe(ids)).map((image) =>
      image.id === 'ami-0new' && encrypts !== undefined
        ? { ...image, snapshots: ['snap-1'], encrypted: encrypts ? ['snap-1'] : [] }
        : image,
    )
  const images = { ...here.images, describe }
  return { ...here, ports: { ...here.ports, images, buckets: fakeBuckets() } as Ports }
}

describe('whether an image is baked encrypted', () => {
  const told: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['it is where there is no images.yaml', undefined, undefined],
    ['it is where images.yaml does not name it', 'images: { other: { public: true } }', undefined],
    ['it is by default', 'images: { web: {} }', undefined],
    ['it is not where it is to be public', 'images: { web: { public: true } }', 'false'],
    ['it is not where it is not to be', 'images: { web: { encryption: false } }', 'false'],
  ]
  for (const [title, yaml, encrypted] of told)
    it(title, async () => {
      const { ports, packer } = withImages(yaml)
      await bakeVerb(settings, ports)
      assert.equal(packer.builds[0]!.variables['encrypted'], encrypted)
    })

  it('is read in what was pushed, not in the checkout that bakes', async () => {
    const { ports, packer, files } = withImages('images: { web: { public: true } }')
    files.content.set('pushed/packer/web/web.pkrvars.hcl', '')
    const pushed = withImages().files
    await bakeVerb({ ...settings, SOURCE: 'pushed' }, { ...ports, filesIn: () => pushed })
    assert.equal(packer.builds[0]!.variables['encrypted'], undefined)
  })

  it('is an input: one that is to be public from now on is baked anew (B01)', async () => {
    const { ports, packer, files } = withImages()
    await bakeVerb(settings, ports)
    files.content.set(desired, 'images: { web: { public: true } }')
    await bakeVerb(settings, ports)
    assert.deepEqual(
      packer.builds.map(({ variables }) => variables['encrypted']),
      [undefined, 'false'],
    )
  })

  for (const [words, yaml, encrypts] of [
    ['made encrypted', 'images: { web: { public: true } }', true],
    ['made without encryption', 'images: { web: {} }', false],
  ] as const)
    it(`is held: an image that was ${words} all the same is removed, and found by nobody`, async () => {
      const { ports, images } = withImages(yaml, encrypts)
      await assert.rejects(
        bakeVerb(settings, ports),
        (error) =>
          isRigletError(error, 'IMAGE') &&
          error.message.startsWith(`ami-0new was ${words}`) &&
          /variable encrypted/.test(error.remedy),
      )
      assert.equal(images.all.has('ami-0new'), false)
    })

  it('is looked at by verify, before a machine boots', async () => {
    const { ports, packer, images } = withImages('images: { web: { public: true } }', true)
    const own = { Owner: 'o', Project: 'p', Image: 'web' }
    images.all.set('ami-0new', imageFacts('ami-0new', own))
    await assert.rejects(
      verifyVerb({ ...settings, IMAGE_ID: 'ami-0new' }, ports),
      (error) => isRigletError(error, 'IMAGE') && /^ami-0new is encrypted, .* make bake IMAGE=web/.test(error.message),
    )
    assert.equal(packer.builds.length, 0)
  })
})
