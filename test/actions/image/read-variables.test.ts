import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'mocha'
import { readVariables } from '../../../scripts/actions/image/read-variables.ts'
import { isRigletError } from '../../../scripts/core/errors.ts'
import { makePacker } from '../../../scripts/io/packer.ts'

const file = 'packer/web/web.pkrvars.hcl'
const good = { version: '1.4.3', architecture: 'x86_64', instanceType: 't3.small' }
const others = 'architecture = "x86_64"\ninstance_type = "t3.small"\nvolume_size = 8\n'

/** Packer itself reads here: what it says of a value is what the image gets. */
describe("an image's variables, as Packer reads them", () => {
  let root: string
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'variables '))
    cpSync('packer', join(root, 'packer'), { recursive: true })
  })
  after(() => rmSync(root, { recursive: true }))

  const read = (text: string, room?: number) => {
    writeFileSync(join(root, file), text)
    return readVariables(
      { image: 'web', source: '' },
      { packer: makePacker(root, new AbortController().signal, () => Promise.resolve({})) },
      room,
    )
  }

  const forms: readonly (readonly [string, string])[] = [
    ['plain values', `version = "1.4.3"\n${others}`],
    ['a list, and a map over lines', `version = "1.4.3"\nx = ["a", "b"]\ny = {\n  a = 1\n  b = "}"\n}\n${others}`],
    ['a heredoc', `x = <<END\nversion = "0"\nEND\nversion = "1.4.3"\n${others}`],
    ['comments of all kinds', `/* version = "0"\n*/ # c\n// d\nversion /* c */ = "1.4.3" # "\n${others}`],
    ['an escape', `version = "1.4\\u002e3"\n${others}`],
    ['lines that end as on Windows', `version = "1.4.3"\n${others}`.replaceAll('\n', '\r\n')],
    ['a byte order mark, and no last line end', `\ufeff${others}version = "1.4.3"`],
  ]
  for (const [what, text] of forms)
    it(`are understood with ${what}`, async () => assert.deepEqual(await read(text), good))

  it('come from *.auto.pkrvars.hcl, too, where their own file says nothing else', async () => {
    const auto = join(root, 'packer/web/x.auto.pkrvars.hcl')
    writeFileSync(auto, 'version = "9"\narchitecture = "arm64"\n')
    try {
      assert.deepEqual(await read('version = "1.4.3"\ninstance_type = "t4g.small"\n'), {
        version: '1.4.3',
        architecture: 'arm64',
        instanceType: 't4g.small',
      })
    } finally {
      rmSync(auto)
    }
  })

  it('have the defaults of their declaration', async () => {
    cpSync(join(root, 'packer/web'), join(root, 'packer/set'), { recursive: true })
    writeFileSync(
      join(root, 'packer/set/variables.pkr.hcl'),
      'variable "version" {\n  default = "7"\n}\nvariable "architecture" {}\nvariable "instance_type" {}\n',
    )
    writeFileSync(join(root, 'packer/set/set.pkrvars.hcl'), 'architecture = "x86_64"\ninstance_type = "t3.small"\n')
    const packer = makePacker(root, new AbortController().signal, () => Promise.resolve({}))
    assert.deepEqual(await readVariables({ image: 'set', source: '' }, { packer }), { ...good, version: '7' })
  })

  const wrong: readonly (readonly [string, string, readonly RegExp[]])[] = [
    [
      'a number, of which Packer would drop a digit',
      `version = 1.10\n${others}`,
      [/^packer\/web\/web\.pkrvars\.hcl:1: version is not in quotes, and to Packer it is "1\.1": quote it$/],
    ],
    ['true', `# c\nversion = true\n${others}`, [/hcl:2: version is not in quotes/]],
    ['an open quote', `version = "1\n${others}`, [/hcl:1: Invalid multi-line string/]],
    ['a line that is no assignment', `version = "1"\nnonsense here\n`, [/^ {2}\S+hcl:2: Invalid block definition/]],
    ['an interpolation', `version = "\${var.x}"\n${others}`, [/hcl:1: Variables not allowed/]],
    ['a list where text belongs', `version = ["1"]\n${others}`, [/hcl:1: .* is not compatible .* string required\.$/]],
    ['a value that stands twice', `version = "1"\nversion = "2"\n${others}`, [/hcl:2: Attribute redefined: .*:1,1-8/]],
    [
      'missing ones, an empty one among them',
      'architecture = ""\n',
      [
        /^packer\/web\/web\.pkrvars\.hcl: version is missing: it is letters/,
        /^packer\/web\/web\.pkrvars\.hcl:1: architecture is missing: it is x86_64 or arm64$/,
        /^packer\/web\/web\.pkrvars\.hcl: instance_type is missing/,
      ],
    ],
    ['null', `${others}version = null\n`, [/hcl:4: version is missing/]],
    [
      'several values at once',
      'instance_type = "small"\nversion = "2.0 beta"\narchitecture = "amd64"\n',
      [
        /hcl:2: version = "2\.0 beta" is not letters/,
        /hcl:3: architecture = "amd64" is not x86_64 or arm64$/,
        /hcl:1: instance_type = "small" is not an instance type such as/,
      ],
    ],
    ['a heredoc, which ends in a line end', `version = <<E\n1\nE\n${others}`, [/hcl:1: version = "1\\n" is not/]],
    ['a version too long for a name', `version = "1234567"\n${others}`, [/hcl:1: .*takes 7 there, and 6 are left/]],
  ]
  for (const [what, text, messages] of wrong)
    it(`are refused with file and line for ${what}`, () =>
      assert.rejects(read(text, 6), (error) => {
        assert.ok(isRigletError(error, 'FILE'))
        messages.forEach((message) => assert.match(error.message, new RegExp(message.source, 'm')))
        return true
      }))

  it('are refused where a folder declares none of that name', async () => {
    cpSync(join(root, 'packer/web'), join(root, 'packer/odd'), { recursive: true })
    writeFileSync(join(root, 'packer/odd/odd.pkrvars.hcl'), 'version = "1"\n')
    writeFileSync(join(root, 'packer/odd/variables.pkr.hcl'), 'variable "architecture" {}\n')
    const packer = makePacker(root, new AbortController().signal, () => Promise.resolve({}))
    await assert.rejects(
      readVariables({ image: 'odd', source: '' }, { packer }),
      (error) =>
        isRigletError(error, 'FILE') &&
        /packer\/odd: the variables version, architecture and instance_type are not all declared/.test(error.message),
    )
  })
})
