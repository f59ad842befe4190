import assert from 'node:assert/strict'
import { buildVersion } from '../../../scripts/actions/nightly/build-version.ts'
import { nightly, planNightlyVerb } from '../../../scripts/actions/nightly/nightly.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeBuckets, fakeImages, fakePacker, fakeParameters, imageFacts } from '../../fakes/image-ports.ts'
import { failureOf } from '../../support/failure.ts'
import { settings as ofFeed, world as feedWorld } from '../tracker/support.ts'

const settings = { ...ofFeed, COMMIT: '4d1a90b7', KEY_ARN: 'arn:key', ARTIFACTS_BUCKET: 'bucket' }
const debian = '/aws/service/debian/release'

/** A feed and a tracker, and a Packer that makes images; it fails for what `fails` names. */
function world(offered: readonly string[], tracked: readonly string[] | undefined, more = '', fails = /^$/) {
  const feed = feedWorld(offered, tracked, more)
  const images = fakeImages([
    imageFacts('ami-0base12'),
    imageFacts('ami-0base13'),
    { ...imageFacts('ami-0arm12'), architecture: 'arm64' },
    { ...imageFacts('ami-0arm13'), architecture: 'arm64' },
  ])
  const { files } = feed.ports
  const packer = fakePacker(({ target, variables }) => {
    const { version = '', inputs = '', architecture = '', output = '', base_image_id: base = '' } = variables
    assert.equal(target, 'packer/runner')
    if (fails.test(`${version} ${base}`)) return 1
    const id = `ami-${images.all.size}`
    const tags = { Owner: 'acme', Project: 'shop', Image: 'runner', Inputs: inputs }
    images.all.set(id, { ...imageFacts(id, tags), architecture })
    void files.write(
      `${output}/packer-manifest.json`,
      JSON.stringify({ builds: [{ artifact_id: `us-east-1:${id}`, packer_run_uuid: 'x' }], last_run_uuid: 'x' }),
    )
    void files.write(`${output}/packages.json`, '{}')
    return 0
  })
  void files.write('packer/runner/runner.pkrvars.hcl', '')
  const parameters = fakeParameters({
    [`${debian}/12/latest/amd64`]: 'ami-0base12',
    [`${debian}/13/latest/amd64`]: 'ami-0base13',
    [`${debian}/12/latest/arm64`]: 'ami-0arm12',
    [`${debian}/13/latest/arm64`]: 'ami-0arm13',
  })
  const ports = { ...feed.ports, images, packer, parameters, buckets: fakeBuckets() } as Ports
  const made = () =>
    packer.builds.map(
      ({ variables: { version, architecture, base_image_id: base } }) => `${version} ${base} ${architecture}`,
    )
  return { ...feed, ports, packer, made }
}

describe('make plan-nightly', () => {
  it('shows feed, built, delta and the matrix, and changes nothing (S06, S09, S10)', async () => {
    const { ports, terminal, made, kept } = world(['1.9-1', '1.10-1', '1.11-1'], ['1.8-1', '1.9-1'])
    await planNightlyVerb(settings, ports)
    assert.deepEqual(terminal.shown, [
      'runner at https://packages.example.com/el/9/',
      '  offered      3 versions',
      '  built        1 version, as s3://bucket/trackers/shop/runner/main.txt says; 1 more are gone from the repository',
      '  to be built  2 versions, 2 images',
      '',
      '  VERSION  BASE       ARCHITECTURE',
      '  1.10-1   debian-12  x86_64',
      '  1.11-1   debian-12  x86_64',
    ])
    assert.deepEqual([made(), kept()], [[], ['runner 1.8-1', 'runner 1.9-1']])
  })
})

describe('make nightly', () => {
  it('builds each new version on each base for each architecture, and then says so in the tracker (S10, S12)', async () => {
    const { ports, made, kept, packer } = world(['1.9-1', '1.10-1'], ['1.8-1'], ', bases: [debian-12, debian-13]')
    await nightly(settings, ports)
    assert.deepEqual(made(), [
      '1.9-1 ami-0base12 x86_64',
      '1.9-1 ami-0base13 x86_64',
      '1.10-1 ami-0base12 x86_64',
      '1.10-1 ami-0base13 x86_64',
    ])
    assert.deepEqual(kept(), ['runner 1.8-1', 'runner 1.9-1', 'runner 1.10-1'])
    // An image need not know of bases unless it has another one.
    assert.deepEqual(
      packer.builds.map(({ variables }) => variables['base']),
      [undefined, 'debian-13', undefined, 'debian-13'],
    )
    assert.match(packer.builds[0]!.variables['name']!, /^acme-shop\/candidate\/runner\/1\.9-1-/)
  })

  it('does nothing where nothing is new, and that is success (S07)', async () => {
    const { ports, made, terminal } = world(['1.9-1'], ['1.9-1'])
    await nightly(settings, ports)
    assert.deepEqual(made(), [])
    assert.equal(terminal.said.at(-1), 'Nothing is new: nothing is built.')
  })

  it('builds the rest where one fails, names it, and tries that one again the next time alone (S12, S21)', async () => {
    const offered = ['1.9-1', '1.10-1']
    const first = world(offered, ['1.8-1'], ', bases: [debian-12, debian-13]', /^1\.9-1 ami-0base13/)
    const { message, exitCode } = await failureOf(nightly(settings, first.ports))
    assert.match(message, /The bake failed/)
    assert.equal(exitCode, 1)
    assert.deepEqual(first.kept(), ['runner 1.8-1', 'runner 1.10-1'])
    first.packer.builds.length = 0
    await failureOf(nightly(settings, first.ports))
    // The half of it that was made is found by its inputs and not made twice.
    assert.deepEqual(first.made(), ['1.9-1 ami-0base13 x86_64'])
  })

  it('names all that failed', async () => {
    const { ports } = world(['1.9-1', '1.10-1'], ['1.8-1'], '', /./)
    const { message } = await failureOf(nightly(settings, ports))
    assert.match(
      message,
      /^1\.9-1 on debian-12, x86_64: The bake failed.*\n1\.10-1 on debian-12, x86_64: The bake failed/,
    )
  })

  it('starts nothing without a tracker (S20)', async () => {
    for (const tracked of [undefined, []]) {
      const { ports, made } = world(['1.9-1'], tracked)
      assert.match((await failureOf(nightly(settings, ports))).remedy, /make tracker-seed IMAGE=runner$/)
      assert.deepEqual(made(), [])
    }
  })
})

describe('make build-version', () => {
  it('builds what a person chooses, on the bases of the feed, and writes no tracker (S17)', async () => {
    const { ports, made, kept, terminal } = world([], undefined, ', bases: [debian-12, debian-13]')
    await buildVersion({ ...settings, VERSION: '1.7-1' }, ports)
    assert.deepEqual(made(), ['1.7-1 ami-0base12 x86_64', '1.7-1 ami-0base13 x86_64'])
    assert.deepEqual([kept(), terminal.shown], [undefined, ['1.7-1']])
  })

  it('takes a base and architectures, and refuses what is none', async () => {
    const { ports, made } = world([], undefined)
    await buildVersion({ ...settings, VERSION: '1.7-1', BASE: 'debian-13', ARCH: 'arm64' }, ports)
    assert.deepEqual(made(), ['1.7-1 ami-0arm13 arm64'])
    assert.match(
      (await failureOf(buildVersion({ ...settings, VERSION: '1', BASE: 'beos' }, ports))).message,
      /"beos" is none of debian-12/,
    )
    assert.match(
      (await failureOf(buildVersion({ ...settings, VERSION: '$(id)' }, ports))).message,
      /VERSION="\$\(id\)" is not/,
    )
    assert.match(
      (await failureOf(buildVersion({ ...settings, VERSION: '1'.repeat(120) }, ports))).message,
      /are left for it/,
    )
  })
})
