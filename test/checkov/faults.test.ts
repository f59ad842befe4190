import assert from 'node:assert/strict'
import { faultsOf, type Record, type Report } from './faults.ts'

const file = 'cloudformation/shop.yaml'
const bucket: Record = {
  file,
  check: 'CKV_AWS_18',
  resource: 'AWS::S3::Bucket.Bucket',
  words: 'Ensure it logs',
  from: 2,
  to: 4,
}
const skipped = { ...bucket, reason: 'nobody reads it' }
const skip = '# checkov:skip=CKV_AWS_18:nobody reads it'
const lines = (...words: readonly string[]): string => ['Resources:', '  Bucket:', ...words].join('\n')

const faults = (text: string, report: Partial<Report>): readonly string[] => {
  const nothing: Report = { read: [file], failed: [], skipped: [], failedWithoutSkips: [] }
  return faultsOf({ ...nothing, ...report }, new Map([[file, text]]))
}

describe('the skips of Checkov', () => {
  it('are right where each silences a finding and says why', () => {
    assert.deepEqual(
      faults(lines('    Type: x', `    ${skip}`), { skipped: [skipped], failedWithoutSkips: [bucket] }),
      [],
    )
    assert.deepEqual(faults(lines('    Type: x'), {}), [])
  })

  it('are asked for where Checkov finds something', () => {
    assert.deepEqual(faults(lines('    Type: x'), { failed: [bucket], failedWithoutSkips: [bucket] }), [
      `${file}:2 AWS::S3::Bucket.Bucket: CKV_AWS_18, Ensure it logs. Mend it, or say below its Type why not: # checkov:skip=CKV_AWS_18:why`,
    ])
  })

  for (const reason of ['', ' ', 'No comment provided'])
    it(`are refused with the reason ${JSON.stringify(reason)}`, () => {
      const [fault, ...more] = faults(lines('    Type: x', '    # checkov:skip=CKV_AWS_18'), {
        skipped: [{ ...skipped, reason }],
        failedWithoutSkips: [bucket],
      })
      assert.match(fault ?? '', /^cloudformation\/shop\.yaml:2 .*: CKV_AWS_18 is skipped without a reason/)
      assert.deepEqual(more, [])
    })

  it('are refused where the finding is gone, also if another resource has the same', () => {
    const other = { ...bucket, resource: 'AWS::S3::Bucket.Other', from: 5, to: 7 }
    for (const failedWithoutSkips of [[], [other]])
      assert.deepEqual(faults(lines('    Type: x', `    ${skip}`), { skipped: [skipped], failedWithoutSkips }), [
        `${file}:2 AWS::S3::Bucket.Bucket: CKV_AWS_18 is skipped and finds nothing here. Take the skip out.`,
      ])
  })

  it('are refused where Checkov hears them for another resource or for none', () => {
    const text = [skip, ...lines('    Type: x', '    # checkov:skip=CKV_AWS_1,CKV_AWS_18:why').split('\n')].join('\n')
    const report = { skipped: [{ ...skipped, from: 3, to: 5 }], failedWithoutSkips: [bucket] }
    const told = faults(text, report).map((fault) => fault.replace(/ is about no resource.*/, ''))
    assert.deepEqual(told, [`${file}:1: this skip of CKV_AWS_18`, `${file}:5: this skip of CKV_AWS_1`])
  })

  it('are no excuse for a template that Checkov does not read', () => {
    assert.deepEqual(faults('Resources: {}', { read: ['cloudformation/other.yaml'] }), [
      `${file}: Checkov finds no resource in it; is it a template?`,
    ])
  })
})
