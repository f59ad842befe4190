import assert from 'node:assert/strict'
import { inWords, readJunit } from '../../../scripts/core/image/junit.ts'

const report = `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="goss" errors="0" tests="3" failures="1" skipped="1" time="0.123" timestamp="2026-01-01T00:00:00Z">
<testcase name="Service nginx running" time="0.012"><system-out>Service: nginx: running: matches expectation: true</system-out></testcase>
<testcase name="Port tcp:80 listening" time="0.001"><failure>Port: tcp:80: listening:
Expected
    &lt;bool&gt;: false
to equal
    &lt;bool&gt;: true</failure></testcase>
<testcase name="HTTP http://localhost/ body" time="0">
<skipped/><system-out>HTTP: http://localhost/: body: skipped</system-out>
</testcase>
</testsuite>`

describe("goss's report", () => {
  it('counts what passed and names what failed', () => {
    const checks = readJunit(report)!
    assert.equal(checks.passed, 1)
    assert.match(checks.failures[0]!, /^Port tcp:80 listening: .*<bool>: false to equal/)
    assert.equal(inWords(checks), '1 passed, 2 failed')
  })

  it('takes a skipped check for a failed one, and says that it did not run', () => {
    assert.equal(readJunit(report)!.failures[1], 'HTTP http://localhost/ body: did not run')
  })

  it('is no report when it holds no check', () => {
    assert.equal(readJunit(''), undefined)
    assert.equal(readJunit('<testsuite name="goss" tests="0"></testsuite>'), undefined)
  })
})
