import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { RigletError } from '../../../scripts/core/errors.ts'
import { readVariables } from '../../../scripts/core/image/variables.ts'

const read = (text: string) => readVariables(text, 'packer/web/web.pkrvars.hcl')

describe("an image's variables", () => {
  it('are read from its own file', () => {
    const { architecture, version } = read(readFileSync('packer/web/web.pkrvars.hcl', 'utf8'))
    assert.equal(architecture, 'x86_64')
    assert.match(version, /^\d/)
  })

  it('may carry comments, numbers and other names', () => {
    const text =
      '# one\n// two\nversion = "1:2~rc+3" # three\narchitecture="arm64"\ninstance_type = "t4g.small"\nvolume_size = 8\n\n'
    assert.deepEqual(read(text), { version: '1:2~rc+3', architecture: 'arm64', instanceType: 't4g.small' })
  })

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    [
      'a line that is no assignment',
      'version = "1"\nnonsense here',
      /web\.pkrvars\.hcl:2: not understood: nonsense here/,
    ],
    ['an open quote', 'version = "1', /web\.pkrvars\.hcl:1: not understood/],
    ['an interpolation', 'version = "${var.x}"', /web\.pkrvars\.hcl:1: not understood/],
    ['a missing one', 'version = "1"\narchitecture = "x86_64"', /web\.pkrvars\.hcl: instance_type is missing/],
    ['an empty one', 'version = ""\narchitecture = "x86_64"\ninstance_type = "t3.small"', /version is missing/],
  ]
  for (const [what, text, message] of wrong) {
    it(`name file and line of ${what}`, () =>
      assert.throws(
        () => read(text),
        (error) => error instanceof RigletError && message.test(error.message),
      ))
  }
})
