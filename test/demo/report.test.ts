import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { shortcomings, type DemoReport } from '../../demo/report.ts'

const report = (tally: Partial<DemoReport['tally']>): DemoReport => ({
  seconds: {},
  url: 'http://x',
  desired: { version: '2.0.0', image: 'ami-2' },
  tally: { sent: 10, lost: [], versions: { '1.0.0': 5, '2.0.0': 5 }, image: 'ami-2', ...tally },
})

describe('demo report', () => {
  it('keeps its promise when nothing is lost and the approved image answers', () =>
    assert.deepEqual(shortcomings(report({})), []))

  it('names every promise that was not kept (B21)', () => {
    const found = shortcomings(
      report({ lost: [{ at: 'now', why: 'refused' }], image: 'ami-1', versions: { '1.0.0': 10 } }),
    )
    assert.equal(found.length, 3)
    assert.match(
      found.join('\n'),
      /1 of 10 requests were lost, the first: refused[^]*ami-1[^]*never answered with version 2\.0\.0/,
    )
  })
})
