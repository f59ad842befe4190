import assert from 'node:assert/strict'
import { bakeImages } from '../../../scripts/actions/image/bake-images.ts'
import { bakeVerb, verifyVerb } from '../../../scripts/actions/image/image-verbs.ts'
import { interrupted, isRigletError } from '../../../scripts/core/errors.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeBuckets } from '../../fakes/image-ports.ts'
import { bake, type World, world } from './support/bake.ts'

const both = ['x86_64', 'arm64']
const settings = {
  ...{ OWNER: 'o', PROJECT: 'p', REGION: 'us-east-1', REPO: 'web', BRANCH: 'main' },
  ...{ KEY_ARN: 'arn:key', ARTIFACTS_BUCKET: 'artifacts', COMMIT: '4d1a90b7' },
}

const withBuckets = (given: World = {}) => {
  const here = world(given)
  const buckets = fakeBuckets()
  return { ...here, buckets, ports: { ...here.ports, buckets } as Ports }
}

describe('a bake for several architectures', () => {
  it('makes an image of each at the same time, of its own base, on a machine that can run it (B01)', async () => {
    const { ports, packer } = world()
    const waiting: (() => void)[] = []
    const build: typeof packer.build = async (...asked) => {
      // Neither ends before both have begun.
      await new Promise<void>((done) => {
        if (waiting.push(done) === both.length) waiting.forEach((go) => go())
      })
      return packer.build(...asked)
    }
    const results = await bakeImages(bake, both, { ...ports, packer: { ...packer, build } })
    assert.deepEqual(
      results.map((one) => (one.type === 'there' ? [one.image.id, one.image.architecture, one.baked] : one)),
      [
        ['ami-0new', 'x86_64', true],
        ['ami-0newarm', 'arm64', true],
      ],
    )
    const told = packer.builds.map(({ variables: each }) => [
      each['architecture'],
      each['base_image_id'],
      each['instance_type'],
      each['output'],
    ])
    assert.deepEqual(told, [
      ['x86_64', 'ami-0base', 't3.small', 'out/bake/x86_64'],
      ['arm64', 'ami-0arm', 't4g.small', 'out/bake/arm64'],
    ])
    assert.equal(new Set(packer.builds.map(({ variables: { inputs } }) => inputs)).size, 2)
  })

  it('bakes again only what has other inputs (B01)', async () => {
    const { ports, packer } = world()
    await bakeImages(bake, ['arm64'], ports)
    const results = await bakeImages(bake, both, ports)
    assert.deepEqual(
      results.map((one) => one.type === 'there' && [one.image.id, one.baked]),
      [
        ['ami-0new', true],
        ['ami-0newarm', false],
      ],
    )
    assert.equal(packer.builds.length, 2)
  })

  it("sweeps what an earlier bake left before it starts, and never another architecture's machine", async () => {
    const tags = { Owner: 'o', Project: 'p', Builder: 'bake', BuiltFor: 'pipeline web main' }
    const { ports, packer, images } = world({ machines: [{ id: 'i-left', tags }] })
    const build: typeof packer.build = async (target, variables, options) => {
      assert.equal(images.running.has('i-left'), false)
      images.running.set(`i-${variables['architecture']}`, { id: `i-${variables['architecture']}`, tags })
      return packer.build(target, variables, options)
    }
    await bakeImages(bake, both, { ...ports, packer: { ...packer, build } })
    assert.deepEqual([...images.running.keys()], ['i-x86_64', 'i-arm64'])
  })

  it('takes the first type that BUILDER_TYPES names and that can run the architecture', async () => {
    const { ports, packer } = world()
    await bakeImages({ ...bake, builderTypes: ['t3.small', 't4g.large'] }, ['arm64'], ports)
    assert.equal(packer.builds[0]!.variables['instance_type'], 't4g.large')
  })

  it('says of each line which architecture it is of', async () => {
    const { ports, terminal } = world({ lines: ['==> amazon-ebs.web: Stopping the source instance...'] })
    await bakeImages(bake, both, ports)
    for (const one of both) assert.ok(terminal.said.includes(`${one}:   Stopping the source instance...`), one)
  })
})

describe('make bake ARCH=', () => {
  it('hands over the image that was made, and tells which architecture failed and why', async () => {
    const { ports, terminal, files, buckets } = withBuckets({ codes: { arm64: 1 } })
    await assert.rejects(
      bakeVerb({ ...settings, ARCH: 'amd64,arm64' }, ports),
      (error) => isRigletError(error, 'IMAGE') && /^The bake failed: packer ended with 1/.test(error.message),
    )
    assert.deepEqual(terminal.shown, ['ami-0new'])
    assert.equal((JSON.parse(files.content.get('out/image.json')!) as { id: string }).id, 'ami-0new')
    assert.deepEqual([...buckets.objects.keys()], ['artifacts/packages/ami-0new.json'])
  })

  it('tells all that failed at once, each by its architecture', async () => {
    const { ports, terminal } = withBuckets({ code: 1 })
    await assert.rejects(
      bakeVerb({ ...settings, ARCH: 'x86_64,arm64' }, ports),
      (error) => isRigletError(error) && /^x86_64: The bake failed: .*\narm64: The bake failed: /.test(error.message),
    )
    assert.deepEqual(terminal.shown, [])
  })

  it('bakes the rest where one has no base image in the region', async () => {
    const { ports, terminal } = withBuckets()
    const get = (name: string) => ports.parameters.get(name).then((id) => (name.endsWith('arm64') ? undefined : id))
    const lacking = { ...ports, parameters: { ...ports.parameters, get } }
    await assert.rejects(bakeVerb({ ...settings, ARCH: 'x86_64,arm64' }, lacking), /there is no parameter .*arm64/)
    assert.deepEqual(terminal.shown, ['ami-0new'])
  })

  it('prints an id a line, or a list as data', async () => {
    const { ports, terminal } = withBuckets()
    await bakeVerb({ ...settings, ARCH: 'x86_64,aarch64,arm64' }, ports)
    assert.deepEqual(terminal.shown, ['ami-0new', 'ami-0newarm'])
    await bakeVerb({ ...settings, ARCH: 'x86_64,arm64', JSON: '1' }, ports)
    const data = JSON.parse(terminal.shown.at(-1)!) as { id: string; baked: boolean }[]
    assert.deepEqual(
      data.map(({ id, baked }) => [id, baked]),
      [
        ['ami-0new', false],
        ['ami-0newarm', false],
      ],
    )
  })

  it('refuses an architecture that no image is made for, before anything is asked for', async () => {
    await assert.rejects(
      bakeVerb({ ...settings, ARCH: 'x86_64,i386' }, {} as Ports),
      (error) => isRigletError(error, 'SETTINGS') && /no image is made for i386/.test(error.message),
    )
  })

  it('ends with Ctrl-C only when each has removed what it made', async () => {
    const { ports, packer } = withBuckets()
    const ended: string[] = []
    const build: typeof packer.build = async (target, variables, options) => {
      const architecture = variables['architecture']!
      if (architecture === 'arm64') await new Promise((done) => setTimeout(done, 20))
      ended.push(architecture)
      if (architecture === 'x86_64') throw interrupted()
      return packer.build(target, variables, options)
    }
    const asked = bakeVerb({ ...settings, ARCH: 'x86_64,arm64' }, { ...ports, packer: { ...packer, build } })
    await assert.rejects(asked, (error) => isRigletError(error, 'INTERRUPTED'))
    assert.deepEqual(ended, both)
  })
})

describe('make verify after it', () => {
  const good = '<testsuite><testcase name="nginx runs"/></testsuite>'

  it('checks each image, and one that fails keeps no other from it (G08)', async () => {
    const { ports, files, terminal, packer } = withBuckets()
    await bakeVerb({ ...settings, ARCH: 'x86_64,arm64' }, ports)
    terminal.shown.length = 0
    const build: typeof packer.build = (_, { image_id: id, report }) => {
      if (id === 'ami-0newarm') files.content.set(report!, good)
      return Promise.resolve({ code: id === 'ami-0newarm' ? 0 : 1 })
    }
    await assert.rejects(
      verifyVerb(settings, { ...ports, packer: { ...packer, build } }),
      (error) => isRigletError(error, 'IMAGE') && /^ami-0new could not be checked/.test(error.message),
    )
    assert.deepEqual(terminal.shown, ['ami-0newarm: 1 passed, 0 failed'])
    assert.equal(files.content.get('reports/verify-ami-0newarm.xml'), good)
  })
})
