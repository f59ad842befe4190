import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { withExpected } from '../../../scripts/core/drift/expected-drift.ts'
import { expectedSchema, readExpected } from '../../../scripts/core/drift/read-expected.ts'
import { unchecked, type Finding } from '../../../scripts/core/drift/report.ts'

const drifted = (environment: string, subject: string): Finding => ({
  ...{ type: 'drifted', environment, subject, what: 'was changed', expected: '1', actual: '2' },
})
const now = new Date('2026-06-01T12:00:00Z')

describe('expected-drift.yaml', () => {
  it('takes what it names, in the part that it names, for expected (B06)', () => {
    const one = { subject: 'web (*', environment: 'staging', until: '2026-06-01', reason: 'load test' }
    const all = [drifted('staging', 'web (a.b)'), drifted('production', 'web (a.b)'), drifted('staging', 'api web (c)')]
    assert.deepEqual(
      withExpected(all, [one], now).map(({ type }) => type),
      ['expected', 'drifted', 'drifted'],
    )
  })

  it('never takes for expected what was not checked (B06)', () => {
    const finding = unchecked('staging', 'web', 'no answer')
    const one = { subject: '*', until: '2027-01-01', reason: 'whatever' }
    assert.deepEqual(withExpected([finding], [one], now), [finding])
  })

  it('tells every fault at once, each with its line', () => {
    const text = [
      'expected:',
      '  - subject: web',
      '    until: 2026-02-31',
      '  - { subject: api, until: soon, reason: x, environment: moon }',
      '',
    ].join('\n')
    assert.throws(
      () => readExpected(text),
      (error: Error) => {
        for (const part of ['expected-drift.yaml:2:5', ':4:28', 'a day such as 2026-12-24', 'one of integration'])
          assert.ok(error.message.includes(part), `${part} in ${error.message}`)
        return true
      },
    )
    assert.throws(
      () =>
        readExpected(
          text.replace('until: 2026-02-31', 'until: 2026-02-31\n    reason: x').split('\n').slice(0, 4).join('\n'),
        ),
      /there is no day 2026-02-31/,
    )
  })

  it('is in the guide as it may stand', () => {
    const [, example = ''] = /^```yaml\n(# yaml-language-server: \$schema=docs\/expected-drift[\s\S]*?)^```/m.exec(
      readFileSync('docs/operating.md', 'utf8'),
    )!
    assert.equal(readExpected(example).length, 1)
  })

  it('may be empty', () => assert.deepEqual([readExpected(''), readExpected('expected:\n')], [[], []]))

  it('has a schema that is published for editors', () => {
    const file = 'docs/expected-drift.schema.json'
    const text = `${JSON.stringify(expectedSchema, undefined, 2)}\n`
    if (process.env['UPDATE_GOLDEN']) writeFileSync(file, text)
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(text))
  })
})
