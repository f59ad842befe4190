import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { desiredSchema } from '../../../scripts/core/manifest/desired-schema.ts'
import { readDesired } from '../../../scripts/core/manifest/read-desired.ts'
import { aliasesOf, nothingDesired } from '../../../scripts/core/manifest/desired-images.ts'
import { faultsIn } from '../../support/faults.ts'

const faultsOf = (text: string): readonly string[] => faultsIn(() => readDesired(text))

describe('manifests/images.yaml', () => {
  it('says of an image only what differs from the usual', () => {
    const { images } = readDesired('images:\n  web:\n')
    assert.deepEqual(images['web'], {
      name: 'web',
      aliases: [],
      architectures: ['x86_64'],
      public: false,
      shareWith: [],
      encryption: true,
      deprecation: null,
      tags: {},
      waves: [],
    })
  })

  for (const text of ['', '# nothing yet\n', 'images:\n', 'accounts:\nimages: {}\n'])
    it(`says nothing where nothing stands in it: ${JSON.stringify(text)}`, () =>
      assert.deepEqual(readDesired(text), nothingDesired))

  it('has a list of regions, which is configuration and can grow (G14)', () => {
    const of = (regions: string) => readDesired(`images:\n  web: { regions: [${regions}] }\n`).images['web']!.regions
    assert.deepEqual(of('us-east-1'), ['us-east-1'])
    assert.deepEqual(of('us-east-1, eu-west-1, il-central-1'), ['us-east-1', 'eu-west-1', 'il-central-1'])
  })

  it('takes a public image as one that is not encrypted', () => {
    const { web } = readDesired('images:\n  web: { public: true }\n').images
    assert.deepEqual([web!.public, web!.encryption], [true, false])
  })

  it('keeps old names of use cases (G34)', () =>
    assert.deepEqual(aliasesOf(readDesired('images:\n  web: { aliases: [nginx, grit/linux_amd64] }\n')), {
      nginx: 'web',
      'grit/linux_amd64': 'web',
    }))

  it('has every fault told at once, each with line, column and path (G02)', () => {
    const text = `accounts:
  distribution: { account: 222222222222, role: riglet, regions: [us-east-1, mars-north-9] }
  customer: { role: x }
images:
  web:
    architectures: [x86_64, sparc]
    regions: []
    public: sometimes
    shareWith: [customer, customer, Somebody]
    deprecation: "30"
    tags: { Owner: me, aws:x: y, Team: 7 }
    waves:
      - { regions: [us-east-1], pause: -1, alarn: x }
      - pause: 5
  Web_2:
    colour: blue
`
    assert.deepEqual(faultsOf(text), [
      'manifests/images.yaml:2:28: distribution.account: 222222222222 is not an account of twelve digits, in quotes',
      'manifests/images.yaml:2:77: distribution.regions.1: "mars-north-9" is not a region such as eu-central-1 (China and GovCloud are out: Packer sends no tags with CreateImage there, and in China CodePipeline has no CloudFormation action)',
      'manifests/images.yaml:3:3: customer has no account',
      'manifests/images.yaml:6:29: web.architectures.1: "sparc" is not x86_64 or arm64',
      'manifests/images.yaml:7:14: web.regions is empty',
      'manifests/images.yaml:8:13: web.public: "sometimes" is not true or false, without quotes',
      'manifests/images.yaml:9:27: web.shareWith: this stands twice',
      'manifests/images.yaml:9:37: web.shareWith.2: "Somebody" is not the name of an account below accounts, or the ARN of an organization or an organizational unit',
      'manifests/images.yaml:10:18: web.deprecation: "30" is not a whole number of days, 1 to 3650, or null for none, without quotes',
      "manifests/images.yaml:11:13: Owner is not the name of a tag: 1 to 127 of letters, digits, spaces and _.:/=+-@, and none of riglet's own",
      "manifests/images.yaml:11:24: aws:x is not the name of a tag: 1 to 127 of letters, digits, spaces and _.:/=+-@, and none of riglet's own",
      'manifests/images.yaml:11:40: web.tags.Team: 7 is not at most 256 of letters, digits, spaces and _.:/=+-@, in quotes where it is a number',
      'manifests/images.yaml:13:40: web.waves.0.pause: -1 is not a whole number of minutes, 0 to 10080',
      'manifests/images.yaml:13:44: alarn is not known here; it may be regions, pause, alarm',
      'manifests/images.yaml:14:9: web.waves.1 has no regions',
      'manifests/images.yaml:15:3: Web_2 is not the name of a folder under packer/: 1 to 30 of a-z, 0-9 and hyphens, a letter first',
      'manifests/images.yaml:16:5: colour is not known here; it may be aliases, architectures, account, regions, public, shareWith, encryption, deprecation, tags, waves, feed',
    ])
  })

  it('refuses what does not fit together: an account gets only its own regions (B16), a public image is not encrypted', () => {
    const text = `accounts:
  distribution: { account: "222222222222", role: riglet, regions: [us-east-1, eu-west-1] }
  customer: { account: "333333333333" }
images:
  web:
    account: distribution
    regions: [us-east-1, eu-north-1]
    aliases: [runner, old]
    public: true
    encryption: true
    deprecation: 731
    shareWith: [nobody]
    waves:
      - { regions: [us-east-1] }
      - { regions: [us-east-1, ap-south-1] }
  runner: { account: customer, aliases: [old] }
  other: { account: someone }
`
    assert.deepEqual(faultsOf(text), [
      "manifests/images.yaml:7:26: web.regions.1: eu-north-1 is none of distribution's regions: us-east-1, eu-west-1",
      'manifests/images.yaml:8:15: web.aliases.0: runner is a name of runner already',
      'manifests/images.yaml:10:17: web.encryption: an encrypted image cannot be public',
      'manifests/images.yaml:11:18: web.deprecation: a public image is deprecated after 730 days at the latest',
      'manifests/images.yaml:12:17: web.shareWith.0: there is no account nobody below accounts: distribution, customer',
      'manifests/images.yaml:15:21: web.waves.1.regions.0: us-east-1 stands in an earlier wave',
      'manifests/images.yaml:15:32: web.waves.1.regions.1: the image is not published in ap-south-1',
      'manifests/images.yaml:16:22: runner.account: customer has no role, so nothing can be published there',
      'manifests/images.yaml:16:22: runner.account: customer has no regions, and neither has the image',
      'manifests/images.yaml:16:42: runner.aliases.0: old is a name of web already',
      'manifests/images.yaml:17:21: other.account: there is no account someone below accounts: distribution, customer',
    ])
  })

  it('says in plain words that a merge was not finished, and nothing else', () => {
    const text = 'images:\n<<<<<<< HEAD\n  web: {}\n=======\n  web: { public: true }\n>>>>>>> feature\n'
    assert.deepEqual(faultsOf(text), [
      "manifests/images.yaml:2:1: a merge was not finished: one side begins here (git's conflict mark)",
      "manifests/images.yaml:4:1: a merge was not finished: the other side begins here (git's conflict mark)",
      "manifests/images.yaml:6:1: a merge was not finished: the other side ends here (git's conflict mark)",
    ])
  })

  it('is in the guide as it may stand', () => {
    const [, example = ''] = /^```yaml\n([\s\S]*?)^```/m.exec(readFileSync('docs/images.md', 'utf8'))!
    const { web, runner } = readDesired(example).images
    assert.deepEqual([web!.waves[0]!.alarm, runner!.encryption], ['shop-errors', false])
    assert.match(example, /\$schema=\.\.\/docs\/images\.schema\.json$/m)
  })

  it('has a schema that is published for editors', () => {
    const file = 'docs/images.schema.json'
    const text = `${JSON.stringify(desiredSchema, undefined, 2)}\n`
    if (process.env['UPDATE_GOLDEN']) writeFileSync(file, text)
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(text))
  })
})
