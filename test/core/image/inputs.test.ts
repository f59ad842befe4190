import assert from 'node:assert/strict'
import fc from 'fast-check'
import { inputsHash, type Inputs } from '../../../scripts/core/image/inputs.ts'
import type { TreeEntry } from '../../../scripts/core/source/tree.ts'

const file = (path: string, digest: string, mode = 0o644): TreeEntry => ({ type: 'file', path, mode, digest })
const recipe = file('packer/web/image.pkr.hcl', 'd1')
const script = file('packer/web/provision/10.sh', 'd2', 0o755)
const link: TreeEntry = { type: 'link', path: 'packer/web/files', target: '../../files' }
const web: Inputs = {
  entries: [recipe, script, link, { type: 'folder', path: 'packer/web/files', mode: 0o755 }],
  baseImageId: 'ami-0base',
  version: '1.0.0',
  architecture: 'x86_64',
  encrypted: true,
  given: { PKR_VAR_channel: 'stable' },
}

describe('the inputs hash', () => {
  it('is the same for the same inputs, whatever order the files were read in (B01)', () => {
    assert.equal(inputsHash({ ...web, entries: [...web.entries].reverse() }), inputsHash(web))
    assert.match(inputsHash(web), /^[0-9a-f]{64}$/)
  })

  it('is the same under every umask', () => {
    const narrow = web.entries.map((entry) => (entry.type === 'link' ? entry : { ...entry, mode: entry.mode & 0o700 }))
    const wide = web.entries.map((entry) => (entry.type === 'link' ? entry : { ...entry, mode: entry.mode | 0o022 }))
    assert.deepEqual(
      [narrow, wide].map((entries) => inputsHash({ ...web, entries })),
      [inputsHash(web), inputsHash(web)],
    )
  })

  const others: Readonly<Record<string, Inputs>> = {
    'a file changes': { ...web, entries: [...web.entries.slice(1), file(recipe.path, 'd9')] },
    'a file is added': { ...web, entries: [...web.entries, file('packer/web/provision/20.sh', 'd3')] },
    'a file is renamed': { ...web, entries: [...web.entries.slice(1), file('packer/web/web.pkr.hcl', 'd1')] },
    'a file may no longer be executed': { ...web, entries: [recipe, file(script.path, 'd2'), ...web.entries.slice(2)] },
    'a link leads elsewhere': { ...web, entries: [{ ...link, target: '../files' }, recipe, script, web.entries[3]!] },
    'a link becomes what it led to': { ...web, entries: [recipe, script, web.entries[3]!] },
    'an empty folder is added': {
      ...web,
      entries: [...web.entries, { type: 'folder', path: 'packer/web/log', mode: 0o755 }],
    },
    'the base image changes': { ...web, baseImageId: 'ami-0other' },
    'the version changes': { ...web, version: '1.0.1' },
    'the architecture changes': { ...web, architecture: 'arm64' },
    'it is not to be encrypted': { ...web, encrypted: false },
    'a variable of the environment changes': { ...web, given: { PKR_VAR_channel: 'beta' } },
  }
  for (const [what, inputs] of Object.entries(others)) {
    it(`differs when ${what} (B01)`, () => assert.notEqual(inputsHash(inputs), inputsHash(web)))
  }

  it('is equal for two trees if and only if they are equal in what git keeps', () => {
    const path = fc.stringMatching(/^[ab"\\,/]{1,3}$/)
    const entry: fc.Arbitrary<TreeEntry> = fc.oneof(
      fc.record({
        type: fc.constant('file' as const),
        path,
        mode: fc.constantFrom(0o644, 0o755),
        digest: fc.constantFrom('1', '2'),
      }),
      fc.record({ type: fc.constant('folder' as const), path, mode: fc.constant(0o755) }),
      fc.record({ type: fc.constant('link' as const), path, target: path }),
    )
    const tree = fc.uniqueArray(entry, { selector: (one) => JSON.stringify(one), maxLength: 3 })
    const told = (entries: readonly TreeEntry[]): string =>
      entries
        .map((one) => JSON.stringify(Object.entries(one).sort()))
        .sort()
        .join()
    fc.assert(
      fc.property(tree, tree, (left, right) => {
        const hashes = [left, right].map((entries) => inputsHash({ ...web, entries }))
        assert.equal(hashes[0] === hashes[1], told(left) === told(right))
      }),
      { examples: [[[], []]] },
    )
  })
})
