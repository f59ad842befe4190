import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { isRigletError } from '../../../scripts/core/errors.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { bake, bakeImage, world } from './support/bake.ts'

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
})
