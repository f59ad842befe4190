import assert from 'node:assert/strict'
import { belongsTo, modeFaults, treeFaults } from '../../../scripts/core/source/tree.ts'

const file = (path: string, mode: number) => ({ type: 'file' as const, path, mode, digest: '' })

describe("an image's files", () => {
  it('are its own and what images share, not those of other images', () => {
    const paths = [
      'web',
      'web/a',
      'runner',
      'runner/a',
      'shared',
      'shared/a',
      'common.sh',
      'verify.pkr.hcl',
      'x.pkr.hcl',
    ]
    assert.deepEqual(
      paths.filter((path) => belongsTo('web', ['web', 'runner'])(`packer/${path}`)),
      ['web', 'web/a', 'shared', 'shared/a', 'common.sh'],
    )
  })

  it('have the modes that git gives, whoever else may write', () => {
    const usual = [file('a', 0o644), file('a', 0o664), file('a', 0o755), file('a', 0o775), file('a', 0o666)]
    assert.deepEqual(modeFaults(usual), [])
    const odd = [file('a', 0o600), file('b', 0o744), file('c', 0o700), { ...file('d', 0o750), type: 'folder' as const }]
    assert.deepEqual(
      modeFaults(odd).map(({ path, what }) => `${path} ${what}`),
      [
        'a has mode 600, which Packer uploads; git would make it 644',
        'b has mode 744, which Packer uploads; git would make it 755',
        'c has mode 700, which Packer uploads; git would make it 755',
        'd has mode 750, which Packer uploads; git would make it 755',
      ],
    )
  })

  it('are named with all their faults at once, and each remedy once', () => {
    const faults = Array.from({ length: 30 }, (_, index) => ({ path: `f${index}`, what: 'is odd', remedy: 'mend it' }))
    const { message, remedy } = treeFaults('No:', faults)
    assert.equal(message.split('\n').length, 22)
    assert.match(message, /^No:\n {2}f0 is odd\n[^]*\n {2}and 10 more$/)
    assert.equal(remedy, 'mend it')
  })
})
