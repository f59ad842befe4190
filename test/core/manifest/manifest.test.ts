import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { RigletError } from '../../../scripts/core/errors.ts'
import { findImage } from '../../../scripts/core/manifest/find-image.ts'
import { withPublished, writeManifest, type Entry, type Manifest } from '../../../scripts/core/manifest/manifest.ts'
import { manifestSchema } from '../../../scripts/core/manifest/manifest-schema.ts'
import { readManifest } from '../../../scripts/core/manifest/read-manifest.ts'

const entry = (id: string, more: Partial<Entry> = {}): Entry => ({
  architecture: 'x86_64',
  deprecation_time: null,
  id: `ami-${id.padStart(8, '0')}`,
  name: `acme-shop/web/1.0-${id}`,
  public: false,
  ...more,
})

const faultsOf = async (text: string): Promise<readonly string[]> => {
  const error = await readManifest(text).then(
    () => assert.fail('nothing was refused'),
    (caught: unknown) => caught,
  )
  assert.ok(error instanceof RigletError && error.code === 'FILE', String(error))
  const lines = error.message.split('\n')
  return (lines.length > 1 ? lines.slice(1) : lines).map((line) => line.trim())
}

/** As the manifests before riglet's have it. */
const old = `{
  "linux": {
    "us-east-1": {
      "architecture": "x86_64",
      "deprecation_time": "",
      "id": "ami-0123456789abcdef0",
      "name": "grit-linux-2024.1",
      "public": true
    },
    "eu-west-1": {
      "architecture": "arm64",
      "deprecation_time": "2026-12-24T18:00:00.000Z",
      "id": "ami-01234567",
      "name": "grit-linux-2024.1",
      "public": false
    }
  },
  "windows": {}
}
`

describe('manifests/images.json', () => {
  it('says what is published by use case and region: id, name, architecture, deprecation, public (G01, G03)', async () => {
    const { linux, windows } = await readManifest(old)
    assert.deepEqual(linux!['us-east-1'], [
      {
        architecture: 'x86_64',
        deprecation_time: '',
        id: 'ami-0123456789abcdef0',
        name: 'grit-linux-2024.1',
        public: true,
      },
    ])
    assert.equal(linux!['eu-west-1']![0]!.deprecation_time, '2026-12-24T18:00:00.000Z')
    assert.deepEqual(windows, {})
  })

  it('has every fault told at once, each with line, column and path (G02, G03)', async () => {
    const text = `{
  "linux": {
    "us-east-9x": { "architecture": "x86_64", "deprecation_time": null, "id": "ami-01234567", "name": "abc", "public": true },
    "us-east-1": { "architecture": "sparc", "deprecation_time": "tomorrow", "id": "ami-xyz", "name": "?", "public": "yes" },
    "eu-west-1": { "architecture": "x86_64", "name": "abc", "public": true, "note": 1 },
    "eu-west-2": [
      { "architecture": "arm64", "deprecation_time": null, "id": "ami-01234567", "name": "abc", "public": 1 }
    ],
    "eu-west-3": 7,
    "eu-central-1": []
  }
}`
    assert.deepEqual(
      (await faultsOf(text)).map((line) => line.replace(/ \(China.*/, '')),
      [
        'manifests/images.json:3:5: us-east-9x is not a region such as eu-central-1',
        'manifests/images.json:4:36: linux.us-east-1.architecture: "sparc" is not one of x86_64, arm64, i386, x86_64_mac, arm64_mac',
        'manifests/images.json:4:65: linux.us-east-1.deprecation_time: "tomorrow" is not a time in UTC such as 2026-12-24T18:00:00Z, or null for none',
        'manifests/images.json:4:83: linux.us-east-1.id: "ami-xyz" is not an id such as ami-0123456789abcdef0',
        `manifests/images.json:4:102: linux.us-east-1.name: "?" is not the name of an AMI: 3 to 128 of letters, digits, spaces and ()[]./-'@_`,
        'manifests/images.json:4:117: linux.us-east-1.public: "yes" is not true or false, without quotes',
        'manifests/images.json:5:5: linux.eu-west-1 has no deprecation_time',
        'manifests/images.json:5:5: linux.eu-west-1 has no id',
        'manifests/images.json:5:77: note is not known here; it may be architecture, deprecation_time, id, name, public',
        'manifests/images.json:7:107: linux.eu-west-2.0.public: 1 is not true or false',
        'manifests/images.json:9:18: linux.eu-west-3 must hold names with what they are',
        'manifests/images.json:10:21: linux.eu-central-1 is empty',
      ],
    )
  })

  for (const [title, text, told] of [
    ['a comment', '{\n  // linux\n}', 'manifests/images.json:2:3: it is not JSON: invalid comment token'],
    ['nothing', '', 'manifests/images.json:1:1: it is not JSON: it is empty'],
    ['a list', '[]', 'manifests/images.json: it must be an object'],
    ['a key twice', '{\n  "linux": {},\n  "linux": {}\n}', 'manifests/images.json:3:3: this key stands already above'],
  ] as const)
    it(`is JSON, as every consumer reads it, and not ${title} (G02)`, async () =>
      assert.deepEqual(await faultsOf(text), [told]))

  it('says in plain words that a merge was not finished', async () => {
    const [first, ...others] = await faultsOf(old.replace('  "windows": {}', '<<<<<<< HEAD\n=======\n>>>>>>> b'))
    assert.equal(
      first,
      "manifests/images.json:18:1: a merge was not finished: one side begins here (git's conflict mark)",
    )
    assert.equal(others.length, 2)
  })

  it('refuses two images of one architecture', async () => {
    const twice = `{ "web": { "us-east-1": ${JSON.stringify([entry('1'), entry('2')])} } }`
    assert.match((await faultsOf(twice))[0]!, /web\.us-east-1\.1\.architecture: x86_64 stands already above$/)
  })

  it('is written the same whatever order it was made in, so that a diff shows only what changed (G01, G16)', async () => {
    const manifest: Manifest = {
      web: { 'us-east-1': [entry('1'), entry('2', { architecture: 'arm64' })], 'eu-west-1': [entry('3')] },
      app: { 'us-east-1': [entry('4')] },
    }
    const text = writeManifest(manifest)
    assert.equal(writeManifest(await readManifest(text)), text)
    assert.deepEqual(Object.keys(JSON.parse(text) as object), ['app', 'web'])
    assert.ok(text.indexOf('"arm64"') < text.lastIndexOf('"x86_64"'))
    const changed = writeManifest({ ...manifest, app: { 'us-east-1': [entry('5')] } })
    const lines = text.split('\n')
    assert.deepEqual(
      changed.split('\n').filter((line, index) => line !== lines[index]),
      ['      "id": "ami-00000005",', '      "name": "acme-shop/web/1.0-5",'],
    )
  })

  it('keeps other images, and other architectures, as they were', () => {
    const arm = entry('2', { architecture: 'arm64' })
    const before: Manifest = {
      app: { 'us-east-1': [entry('4')] },
      web: { 'us-east-1': [entry('1'), arm], 'eu-north-1': [entry('9')] },
    }
    const after = withPublished(before, 'web', ['us-east-1', 'eu-west-1'], {
      'us-east-1': [entry('7')],
      'eu-west-1': [entry('8')],
    })
    assert.deepEqual(after, {
      app: before['app'],
      web: { 'us-east-1': [arm, entry('7')], 'eu-west-1': [entry('8')] },
    })
  })

  it('has a schema that is published for editors and consumers (G02)', () => {
    const file = 'docs/manifest.schema.json'
    const text = `${JSON.stringify(manifestSchema, undefined, 2)}\n`
    if (process.env['UPDATE_GOLDEN']) writeFileSync(file, text)
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(text))
  })
})

describe('a consumer', () => {
  const manifest: Manifest = {
    web: { 'us-east-1': [entry('1'), entry('2', { architecture: 'arm64' })], 'eu-west-1': [entry('3')] },
    linux: { 'us-east-1': [entry('4')] },
  }
  const aliases = { nginx: 'web', linux: 'runner' }
  const find = (image: string, region: string, architecture?: string): string =>
    findImage({ image, region, architecture }, manifest, aliases, 'images.json').id

  it('finds an image by use case, architecture and region (G34)', () => {
    assert.equal(find('web', 'us-east-1', 'arm64'), 'ami-00000002')
    assert.equal(find('web', 'us-east-1', 'amd64'), 'ami-00000001')
    assert.equal(find('web', 'eu-west-1'), 'ami-00000003')
  })

  it('finds it by an old name of the use case, and by the new one where the manifest is old (G34)', () => {
    assert.equal(find('nginx', 'eu-west-1'), 'ami-00000003')
    assert.equal(find('linux', 'us-east-1'), 'ami-00000004')
    assert.equal(find('runner', 'us-east-1'), 'ami-00000004')
  })

  for (const [title, question, message, remedy] of [
    ['use case', ['db', 'us-east-1'], 'images.json has no image db.', 'It has: linux, web\nOlder names: linux, nginx'],
    [
      'region',
      ['web', 'ap-south-1'],
      'images.json has no web in ap-south-1.',
      'It is published in: eu-west-1, us-east-1',
    ],
    [
      'architecture',
      ['web', 'eu-west-1', 'arm64'],
      'images.json has no web of architecture arm64 in eu-west-1.',
      'There is: x86_64',
    ],
    [
      'answer where there are several',
      ['web', 'us-east-1'],
      'web is published in us-east-1 for several architectures: arm64, x86_64.',
      'Say which: ARCH=x86_64',
    ],
  ] as const)
    it(`is told what there is where there is no such ${title} (G34)`, () =>
      assert.throws(
        () => find(...(question as readonly [string, string, string?])),
        (error: RigletError) => {
          assert.deepEqual([error.code, error.message, error.remedy], ['NOT_FOUND', message, remedy])
          return true
        },
      ))

  it('finds nothing by names that every object has', () =>
    assert.throws(() => find('constructor', 'us-east-1'), RigletError))
})
