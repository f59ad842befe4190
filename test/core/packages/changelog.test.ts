import assert from 'node:assert/strict'
import { changelogOf } from '../../../scripts/core/packages/changelog.ts'

const tracker = 'https://tracker.debian.org/pkg'

describe('a changelog', () => {
  it('tells upgraded from downgraded, and links to where Debian tells of each (B12)', () =>
    assert.deepEqual(
      changelogOf(
        { curl: '7.88.1-10', nginx: '1.22.1-9', tzdata: '2024b-0+deb12u1', vim: '2:9.0.1378-2' },
        { bash: '5.2.15-2', curl: '7.88.1-10', nginx: '1.22.1-9+deb12u1', tzdata: '2024a-0+deb12u1' },
      ),
      {
        added: [{ name: 'bash', version: '5.2.15-2', link: `${tracker}/bash` }],
        removed: [{ name: 'vim', version: '2:9.0.1378-2', link: `${tracker}/vim` }],
        upgraded: [{ name: 'nginx', from: '1.22.1-9', to: '1.22.1-9+deb12u1', link: `${tracker}/nginx` }],
        downgraded: [{ name: 'tzdata', from: '2024b-0+deb12u1', to: '2024a-0+deb12u1', link: `${tracker}/tzdata` }],
      },
    ))

  it('links only names that Debian could have, safe in an address', () => {
    const { added } = changelogOf({}, { 'libstdc++6': '12', 'My Tool': '1', '../x': '1' })
    assert.deepEqual(
      added.map(({ link }) => link),
      [null, null, `${tracker}/libstdc%2B%2B6`],
    )
  })
})
