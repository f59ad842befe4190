import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { imageRules } from '../../../scripts/core/image/rules.ts'
import { makePacker } from '../../../scripts/io/packer.ts'
import { decodeVersion, encodeVersion, imageName, versionRoom } from '../../../scripts/core/names.ts'

const long = 'x'.repeat(130)
const cases: Readonly<Record<keyof typeof imageRules, { readonly right: string[]; readonly wrong: string[] }>> = {
  version: {
    right: ['1', '1.4.2', '2.0^1', '1:2~rc+3', 'v1.0-3-g4d1a90b', '1_2'],
    wrong: [
      '',
      ' 1',
      '2.0 beta',
      '2.0\n',
      '1/2',
      "1'2",
      '1"2',
      '1&2',
      '1<2',
      '1\\2',
      '1$(id)',
      '1;2',
      '1=2',
      'é',
      '-1',
      '.1',
    ],
  },
  architecture: { right: ['x86_64', 'arm64'], wrong: ['', 'amd64', 'x86_64 ', 'X86_64', 'i386'] },
  instance_type: {
    right: ['t3.small', 'm7g.metal-24xl', 'u-6tb1.56xlarge', 'mac2-m2pro.metal'],
    wrong: ['', 't3', 't3.', '.small', 't3 .small', 'T3.small', 't3.small;id'],
  },
  commit: {
    right: ['4d1a90b', 'a'.repeat(40), '0'.repeat(64)],
    wrong: ['', 'abc', 'HEAD', 'A'.repeat(40), '0'.repeat(65)],
  },
  commitTag: {
    right: ['Commit', 'commit', 'git:commit', 'acme/commit', 'Größe', 'a b', 'Names', 'x'.repeat(127)],
    wrong: [
      '',
      ' a',
      'a ',
      'aws:commit',
      'AWS:commit',
      'a"b',
      'a\tb',
      'a#b',
      'a,b',
      'Name',
      'Inputs',
      'BuiltFor',
      long,
    ],
  },
  key: {
    right: [
      'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      'arn:aws:kms:us-east-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab',
      'arn:aws:kms:eu-west-1:123456789012:alias/acme/shop',
    ],
    wrong: ['', 'alias/shop', 'arn:aws:iam::123456789012:role/x', 'arn:aws:kms:us-east-1:1:key/x'],
  },
  subnet: {
    right: ['subnet-0123456789abcdef0', 'subnet-01234567'],
    wrong: ['', 'subnet-', 'sg-01234567', 'subnet-1 ;id'],
  },
  securityGroup: { right: ['sg-0123456789abcdef0'], wrong: ['', 'subnet-01234567', 'sg-1'] },
}

/** Every character that a version may have. */
const everything =
  '0' +
  Array.from({ length: 0x250 }, (_, code) => String.fromCodePoint(code))
    .filter((character) => imageRules.version.pattern.test(`0${character}`))
    .join('')

describe('rules of what goes into an image', () => {
  for (const [name, { right, wrong }] of Object.entries(cases)) {
    const { pattern } = imageRules[name as keyof typeof imageRules]
    it(`take ${right.length} and refuse ${wrong.length} forms of ${name}`, () => {
      assert.deepEqual(
        right.filter((value) => !pattern.test(value)),
        [],
      )
      assert.deepEqual(
        wrong.filter((value) => pattern.test(value)),
        [],
      )
    })
  }

  it('let no version through that an AMI could not be named by, or that could not be read from the name', () => {
    assert.match(encodeVersion(everything), /^[A-Za-z0-9()[\] ./'@_-]+$/)
    assert.equal(decodeVersion(encodeVersion(everything)), everything)
  })

  it('leave as much room for a version as the name has', () => {
    const riglet = { owner: 'o'.repeat(12), project: 'p'.repeat(12) }
    const image = 'i'.repeat(30)
    const version = 'v'.repeat(versionRoom(riglet, image))
    assert.ok(version.length > 30)
    assert.equal(imageName.candidate(riglet, image, version, 'f'.repeat(64), new Date(0)).length, 128)
  })

  it('let no version through that the stack of an app would refuse', () => {
    const template = parse(readFileSync('cloudformation/app-image.yaml', 'utf8'), { logLevel: 'silent' }) as {
      readonly Parameters: Record<'Version' | 'Commit', { readonly AllowedPattern: string }>
    }
    const { Version, Commit } = template.Parameters
    assert.match(everything.slice(0, 128), new RegExp(`^(?:${Version.AllowedPattern})$`))
    for (const commit of cases.commit.right) assert.match(commit, new RegExp(`^(?:${Commit.AllowedPattern})$`))
  })

  it('keep for riglet every tag that the web image has', async () => {
    const packer = makePacker(process.cwd(), new AbortController().signal, () => Promise.resolve({}))
    const options = { varFile: 'packer/web/web.pkrvars.hcl', input: 'jsonencode(keys(local.tags))' }
    const { lines } = await packer.ask('console', 'packer/web', options)
    const tags = JSON.parse(lines[0]!) as string[]
    assert.ok(tags.length > 0)
    assert.deepEqual(
      tags.filter((tag) => imageRules.commitTag.pattern.test(tag)),
      [],
    )
  })
})
