import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { bakeImage, type Bake } from '../../../scripts/actions/image/bake-image.ts'
import { isRigletError } from '../../../scripts/core/errors.ts'
import type { ImageFacts } from '../../../scripts/core/image/image-facts.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import {
  fakeClock,
  fakeFiles,
  fakeImages,
  fakePacker,
  fakeParameters,
  fakeTerminal,
  imageValues,
  imageFacts,
} from '../../fakes/image-ports.ts'

const bake: Bake = {
  owner: 'o',
  project: 'p',
  region: 'us-east-1',
  image: 'web',
  source: '',
  builtFor: 'pipeline web main',
  build: 'arn:build',
  subnet: 'subnet-1',
  securityGroup: 'sg-1',
  commit: '4d1a90b7',
  commitTag: 'Commit',
  key: 'arn:key',
}
const parameter = '/aws/service/debian/release/12/latest/amd64'

type World = {
  readonly images?: readonly ImageFacts[]
  readonly machines?: readonly { id: string; tags: Record<string, string> }[]
  readonly values?: Partial<typeof imageValues>
  readonly base?: ImageFacts
  readonly code?: number
  readonly lines?: readonly string[]
}

/** A world in which Packer registers what it is told to, and leaves its manifest. */
function world(given: World = {}) {
  const images = fakeImages([given.base ?? imageFacts('ami-0base'), ...(given.images ?? [])], given.machines)
  const files = fakeFiles({ 'packer/web/web.pkrvars.hcl': '', 'packer/web/a.sh': 'true' })
  const packer = fakePacker(
    ({ variables: { inputs = '', owner = '', project = '', commit = '', ...more } }, say) => {
      given.lines?.forEach(say)
      if (given.code !== undefined) return given.code
      images.all.set(
        'ami-0new',
        imageFacts(
          'ami-0new',
          {
            ...{ Inputs: inputs, Owner: owner, Project: project, Image: 'web', Commit: commit },
            BuiltFor: more['built_for'] ?? '',
          },
          'pending',
        ),
      )
      const manifest = { builds: [{ artifact_id: 'us-east-1:ami-0new', packer_run_uuid: 'x' }], last_run_uuid: 'x' }
      files.content.set('out/bake/packer-manifest.json', JSON.stringify(manifest))
      return 0
    },
    { ...imageValues, ...given.values },
  )
  const terminal = fakeTerminal()
  const parameters = fakeParameters({ [parameter]: 'ami-0base' })
  const ports = { images, files, packer, terminal, parameters, clock: fakeClock() } as unknown as Ports
  return { images, files, packer, terminal, ports }
}

describe('bake-image', () => {
  it('bakes a candidate whose name and tags come from its inputs, and waits until it is available (A01, A04, G21)', async () => {
    const { ports, packer } = world()
    const { image, baked } = await bakeImage(bake, ports)
    assert.equal(baked, true)
    assert.deepEqual([image.id, image.state], ['ami-0new', 'available'])
    const { target, variables: told } = packer.builds[0]!
    assert.equal(target, 'packer/web')
    assert.match(
      told['name']!,
      new RegExp(`^o-p/candidate/web/1\\.4\\.3-${told['inputs']!.slice(0, 8)}-20260131T120000Z$`),
    )
    assert.equal(told['commit'], '4d1a90b7')
    assert.equal(told['base_image_id'], 'ami-0base')
    assert.equal(told['key_arn'], 'arn:key')
    assert.equal(told['subnet_id'], 'subnet-1')
  })

  it('hands on no image that stays pending', async () => {
    const { ports, images } = world()
    const describe = async (ids: readonly string[]) =>
      (await images.describe(ids)).map((image) => (image.id === 'ami-0new' ? { ...image, state: 'pending' } : image))
    const began = ports.clock.now().getTime()
    await assert.rejects(bakeImage(bake, { ...ports, images: { ...images, describe } }), /ami-0new .*still being made/)
    assert.ok(ports.clock.now().getTime() - began >= 20 * 60_000)
  })

  it('finds the image of the same inputs on a second run and bakes nothing, whatever the commit (B01, S21)', async () => {
    const { ports, packer } = world()
    await bakeImage(bake, ports)
    const second = await bakeImage({ ...bake, commit: 'ffffffff' }, ports)
    assert.deepEqual([second.image.id, second.baked, packer.builds.length], ['ami-0new', false, 1])
  })

  it('reuses in a pipeline only what that pipeline made, by the tag that IAM forces (B22)', async () => {
    const { ports, images } = world()
    await bakeImage(bake, ports)
    images.all.set('ami-0new', {
      ...images.all.get('ami-0new')!,
      tags: { ...images.all.get('ami-0new')!.tags, BuiltFor: 'pipeline web side' },
    })
    assert.equal((await bakeImage(bake, ports)).baked, true)
  })

  it("ends an earlier bake's machine of the same pipeline, and nobody else's", async () => {
    const tags = { Owner: 'o', Project: 'p', Builder: 'bake', BuiltFor: 'pipeline web main' }
    const machines = [
      { id: 'i-left', tags },
      { id: 'i-other', tags: { ...tags, BuiltFor: 'hand web main' } },
      { id: 'i-verify', tags: { ...tags, Builder: 'verify' } },
    ]
    const { ports, images, terminal } = world({ machines })
    await bakeImage(bake, ports)
    assert.deepEqual([...images.running.keys()], ['i-other', 'i-verify'])
    assert.match(terminal.said.join('\n'), /An earlier bake left i-left: removing/)
  })

  it("tells Packer's first reason when the bake fails, and shows its steps as they come", async () => {
    const lines = [
      '==> amazon-ebs.web: Launching a source AWS instance...',
      "Build 'amazon-ebs.web' errored after 1 second: Error launching source instance: VcpuLimitExceeded",
    ]
    const { ports, terminal } = world({ code: 1, lines })
    await assert.rejects(
      bakeImage(bake, ports),
      (error) =>
        isRigletError(error, 'IMAGE') &&
        /The bake failed: Error launching source instance: VcpuLimitExceeded/.test(error.message),
    )
    assert.ok(terminal.said.includes('  Launching a source AWS instance...'))
  })

  it('passes on every reason that Packer gives', async () => {
    const lines = readFileSync('test/core/image/packer/said/post-processors.txt', 'utf8').split('\n')
    const { ports } = world({ code: 1, lines })
    await assert.rejects(bakeImage(bake, ports), {
      message: [
        'The bake failed: Post-processor failed: Unable to write /proc/nowhere/packer-manifest.json: open /proc/nowhere/packer-manifest.json: no such file or directory',
        '  Post-processor failed: Script exited with non-zero exit status: 3. Allowed exit codes are: [0]',
      ].join('\n'),
    })
  })

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

  it('bakes a version with characters that a name cannot have under one that can', async () => {
    const { ports, packer } = world({ values: { version: '1:2.0^1~rc+3' } })
    await bakeImage(bake, ports)
    assert.match(packer.builds[0]!.variables['name']!, /^o-p\/candidate\/web\/1'c2\.0'h1'trc'p3-/)
  })

  it('counts what images share, not other images, and variables that the environment sets', async () => {
    const { ports, packer, files } = world()
    const inputs = async (change: Partial<Ports> = {}): Promise<string> => {
      const { image } = await bakeImage(bake, { ...ports, ...change })
      return image.tags['Inputs']!
    }
    const first = await inputs()
    files.content.set('packer/runner/runner.pkrvars.hcl', '')
    files.content.set('packer/verify.pkr.hcl', 'changed')
    assert.equal(await inputs(), first)
    files.content.set('packer/shared/ca.pem', 'x')
    const second = await inputs()
    const third = await inputs({ packer: { ...packer, given: { PKR_VAR_channel: 'beta' } } })
    assert.equal(new Set([first, second, third]).size, 3)
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
    assert.deepEqual([...images.all.keys()], ['ami-0base'])
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
