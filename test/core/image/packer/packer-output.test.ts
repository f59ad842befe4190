import assert from 'node:assert/strict'
import { readable } from '../../../../scripts/core/image/packer/packer-output.ts'

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
})
