import assert from 'node:assert/strict'
import { readable, reasonsOf } from '../../../scripts/core/image/packer-output.ts'

describe("Packer's output", () => {
  const shown: readonly (readonly [string, string | undefined])[] = [
    ['==> amazon-ebs.web: Launching a source AWS instance...', '  Launching a source AWS instance...'],
    ['    amazon-ebs.web: Instance ID: i-0abc', '    Instance ID: i-0abc'],
    ['    amazon-ebs.web:', undefined],
    ['==> Wait completed after 12 seconds', undefined],
    ['amazon-ebs.web: output will be in this color.', undefined],
    ['', undefined],
  ]
  for (const [line, expected] of shown) {
    it(`shows ${JSON.stringify(line)} as ${JSON.stringify(expected)}`, () => assert.equal(readable(line), expected))
  }

  it('gives its reasons once and without its own frame', () => {
    const lines = [
      '==> amazon-ebs.web: Script exited with non-zero exit status: 1. Allowed exit codes are: [0]',
      '==> amazon-ebs.web: Terminating the source AWS instance...',
      "Build 'amazon-ebs.web' errored after 9 seconds 12 milliseconds: Script exited with non-zero exit status: 1. Allowed exit codes are: [0]",
      "==> Some builds didn't complete successfully and had errors:",
      '--> amazon-ebs.web: Script exited with non-zero exit status: 1. Allowed exit codes are: [0]',
    ]
    assert.deepEqual(reasonsOf(lines), ['Script exited with non-zero exit status: 1. Allowed exit codes are: [0]'])
  })

  it('gives file and line of a fault in the configuration', () => {
    const lines = [
      'Error: Unsupported argument',
      '',
      '  on packer/web/image.pkr.hcl line 20:',
      '  (source code not available)',
      '',
      'An argument named "nonsense" is not expected here.',
    ]
    assert.deepEqual(reasonsOf(lines), ['packer/web/image.pkr.hcl:20: Unsupported argument'])
  })
})
