import assert from 'node:assert/strict'
import { inputsHash, type Inputs } from '../../../scripts/core/image/inputs.ts'

const web: Inputs = {
  files: { 'image.pkr.hcl': 'build {}', 'provision/10.sh': 'true' },
  baseImageId: 'ami-0base',
  version: '1.0.0',
  architecture: 'x86_64',
}

describe('the inputs hash', () => {
  it('is the same for the same inputs, whatever order the files were read in (B01)', () => {
    const files = { 'provision/10.sh': 'true', 'image.pkr.hcl': 'build {}' }
    assert.equal(inputsHash({ ...web, files }), inputsHash(web))
    assert.match(inputsHash(web), /^[0-9a-f]{64}$/)
  })

  const others: Readonly<Record<string, Inputs>> = {
    'a file changes': { ...web, files: { ...web.files, 'provision/10.sh': 'false' } },
    'a file is added': { ...web, files: { ...web.files, 'provision/20.sh': '' } },
    'a file is renamed': { ...web, files: { 'image.pkr.hcl': 'build {}', 'provision/11.sh': 'true' } },
    'the base image changes': { ...web, baseImageId: 'ami-0other' },
    'the version changes': { ...web, version: '1.0.1' },
    'the architecture changes': { ...web, architecture: 'arm64' },
  }
  for (const [what, inputs] of Object.entries(others)) {
    it(`differs when ${what} (B01)`, () => assert.notEqual(inputsHash(inputs), inputsHash(web)))
  }
})
