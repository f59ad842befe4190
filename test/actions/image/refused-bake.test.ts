import assert from 'node:assert/strict'
import type { Bake } from '../../../scripts/actions/image/bake-image.ts'
import { isRigletError } from '../../../scripts/core/errors.ts'
import { imageFacts } from '../../fakes/image-ports.ts'
import { bake, bakeImage, type World, world } from './support/bake.ts'

describe('bake-image', () => {
  // The last one would have room in an AMI's name, but has none when it is encoded.
  const versions = ['2.0 beta', '2.0$(reboot)', '2.0\n', 'a"b', 'x'.repeat(100), '1' + '~'.repeat(50)]

  for (const version of versions) {
    it(`refuses the version ${JSON.stringify(version)} before anything is launched, with file and line`, async () => {
      const { ports, packer } = world({ values: { version } })
      await assert.rejects(
        bakeImage(bake, ports),
        (error) => isRigletError(error, 'FILE') && /^packer\/web\/web\.pkrvars\.hcl:1: version = /.test(error.message),
      )
      assert.equal(packer.builds.length, 0)
    })
  }

  it('tells all that is wrong with the values at once', async () => {
    const { ports } = world({ values: { version: '', architecture: 'arm', instance_type: 'big' } })
    await assert.rejects(bakeImage(bake, ports), (error: Error) => {
      assert.deepEqual(
        error.message.split('\n').map((line) => /^\S+ \w+/.exec(line)?.[0]),
        ['version', 'architecture', 'instance_type'].map((name, at) => `packer/web/web.pkrvars.hcl:${at + 1}: ${name}`),
      )
      return true
    })
  })

  it('removes an image whose files were changed while it was made, and names them', async () => {
    const { ports, files, images, packer } = world()
    const build: typeof packer.build = (target, variables, options) => {
      files.content.set('packer/web/a.sh', 'false')
      files.content.set('packer/web/made-here', 'by a provisioner')
      return packer.build(target, variables, options)
    }
    await assert.rejects(
      bakeImage(bake, { ...ports, packer: { ...packer, build } }),
      (error) =>
        isRigletError(error, 'IMAGE') && /changed while it was made:\n {2}packer\/web\/a\.sh$/.test(error.message),
    )
    assert.deepEqual([...images.all.keys()], ['ami-0base', 'ami-0arm'])
  })

  it('refuses files that Packer could not upload, or would upload otherwise than a build', async () => {
    const { ports, packer } = world()
    const entries = [{ type: 'file', path: 'packer/web/key', mode: 0o600, digest: '' }] as const
    const faults = [{ path: 'packer/web/a', what: 'is a link that leads to nothing', remedy: 'See ls' }]
    const tree = () => Promise.resolve({ entries, faults, reached: [] })
    await assert.rejects(bakeImage(bake, { ...ports, files: { ...ports.files, tree } }), (error) => {
      assert.ok(isRigletError(error, 'FILE'))
      assert.match(error.message, /^The image web cannot be made of what is here:\n {2}packer\/web\/a is a link that/)
      assert.match(error.message, /\n {2}packer\/web\/key has mode 600, which Packer uploads; git would make it 644$/)
      assert.match(error.remedy, /^See ls\nchmod -R/)
      return true
    })
    assert.equal(packer.builds.length, 0)
  })

  it('gives the source of a build its modes and links first, and names what did not arrive', async () => {
    const { ports, files } = world()
    const list = { files: ['a'], executables: [], links: { b: 'a' } }
    files.content.set('source-tree.json', JSON.stringify(list))
    const settled: unknown[] = []
    const settle = (source: unknown) => Promise.resolve(settled.push(source) === 1 ? [] : ['packer/web/a.sh'])
    const inBuild = { ...ports, files: { ...files, settle } }
    await bakeImage(bake, inBuild)
    assert.deepEqual(settled, [list])
    await assert.rejects(
      bakeImage(bake, inBuild),
      (error) =>
        isRigletError(error, 'FILE') && /as it was pushed:\n {2}packer\/web\/a\.sh is not there/.test(error.message),
    )
  })

  const refused: readonly (readonly [string, World, Partial<Bake>, RegExp])[] = [
    ['an image without a folder', {}, { image: 'wbe' }, /no image wbe.*\n?/],
    [
      'a base image that is gone',
      { base: imageFacts('ami-0other') },
      {},
      /ami-0base does not exist in this region, or is not shared/,
    ],
    [
      'a base image that is revoked (B13)',
      { base: imageFacts('ami-0base', { Revoked: '2026-02-01T08:00:00Z of ami-0base by ada', RevokedReason: 'leak' }) },
      {},
      /ami-0base is revoked since 2026-02-01T08:00:00Z, by ada: leak/,
    ],
    ['a base image that is pending', { base: imageFacts('ami-0base', {}, 'pending') }, {}, /still being made/],
    [
      'a base image of another architecture',
      { base: { ...imageFacts('ami-0base'), architecture: 'arm64' } },
      {},
      /ami-0base is of architecture arm64; packer\/web\/web\.pkrvars\.hcl wants x86_64/,
    ],
    [
      'an instance type of another architecture',
      { values: { instance_type: 't4g.small' } },
      {},
      /t4g\.small runs arm64, not x86_64/,
    ],
    [
      'an instance type that does not exist',
      { values: { instance_type: 't33.small' } },
      {},
      /There is no instance type t33\.small/,
    ],
  ]
  for (const [what, given, change, message] of refused) {
    it(`refuses ${what} before anything is launched`, async () => {
      const { ports, packer } = world(given)
      await assert.rejects(
        bakeImage({ ...bake, ...change }, ports),
        (error) => isRigletError(error, 'IMAGE') && message.test(error.message),
      )
      assert.equal(packer.builds.length, 0)
    })
  }
})
