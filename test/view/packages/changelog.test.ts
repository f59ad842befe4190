import assert from 'node:assert/strict'
import { changelogOf } from '../../../scripts/core/packages/changelog.ts'
import { renderChangelog } from '../../../scripts/view/packages/changelog.ts'
import { matchesGolden } from '../../golden.ts'

const from = {
  ...{ id: 'ami-00000000000000001', image: 'web', version: '1.4.2', commit: '4d1a90b7c0ffee' },
  ...{ architecture: 'x86_64', created: '2026-01-31T12:00:00.000Z' },
}
const to = { ...from, id: 'ami-00000000000000002', version: '1.5~rc1', commit: '', created: '2026-02-28T09:30:00.000Z' }

describe('a changelog on the screen', () => {
  it('is Markdown that reads well as it stands, in 80 columns (B12)', () => {
    const before = { curl: '7.88.1-10', libssl3: '3.0.14-1~deb12u2', tzdata: '2024b-0', vim: '2:9.0' }
    const after = { curl: '7.88.1-10+deb12u8', libssl3: '3.0.15-1~deb12u1', tzdata: '2024a-0', 'libstdc++6': '12.2' }
    const text = renderChangelog({ from, to, ...changelogOf(before, after) })
    matchesGolden('changelog', text)
    for (const line of text.split('\n')) assert.ok(line.length <= 80, line)
  })

  it('says so where no package differs', () =>
    assert.match(renderChangelog({ from, to, ...changelogOf({ a: '1' }, { a: '1' }) }), /\n\nNo package differs\.$/))

  it('names the architectures where they differ', () =>
    assert.match(
      renderChangelog({ from, to: { ...to, architecture: 'arm64' }, ...changelogOf({}, {}) }),
      /^# Packages: web `1\.4\.2` x86_64 to web `1\.5~rc1` arm64$/m,
    ))
})
