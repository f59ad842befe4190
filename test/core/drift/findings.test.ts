import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { imageFindings, orphanedFindings, type RunningApp } from '../../../scripts/core/drift/image-drift.ts'
import { driftExitCode, type Finding } from '../../../scripts/core/drift/report.ts'
import { stackFindings, type ResourceDrift } from '../../../scripts/core/drift/stack-drift.ts'

const app = (more: Partial<RunningApp> = {}): RunningApp => ({
  environment: 'production',
  stack: 'acme-shop-production-app-web-main',
  stackImage: 'ami-2',
  approvedImage: 'ami-2',
  group: 'group',
  groupImage: 'ami-2',
  hindrances: [],
  instances: [{ id: 'i-1', image: 'ami-2', group: 'group' }],
  ...more,
})

const resource = (status: ResourceDrift['status'], differences: ResourceDrift['differences'] = []): ResourceDrift => ({
  logicalId: 'Firewall',
  physicalId: 'sg-1',
  resourceType: 'AWS::EC2::SecurityGroup',
  status,
  differences,
})

const what = (findings: readonly Finding[]): readonly string[] =>
  findings.map((finding) => `${finding.type} ${finding.subject} ${finding.what}`)

describe('drift', () => {
  it('finds nothing where stack, group and instances agree', () => assert.deepEqual(imageFindings(app()), []))

  const cases: readonly (readonly [string, Partial<RunningApp>, RegExp])[] = [
    [
      'a stack on another image than was approved',
      { approvedImage: 'ami-1' },
      /^drifted acme-\S+ is deployed with another image/,
    ],
    ['a group that launches another image', { groupImage: 'ami-3' }, /^drifted group launches another image/],
    ['a launch template that cannot be read', { groupImage: null }, /^unchecked group .* could not be read$/],
    [
      'why it cannot',
      { groupImage: null, hindrances: [{ type: 'unchecked', why: 'its launch template could not be read: denied' }] },
      /could not be read: denied$/,
    ],
    [
      'a group that could replace no instance',
      { hindrances: [{ type: 'cannot', why: 'its image ami-2 is disabled' }] },
      /^drifted group can replace no instance$/,
    ],
    [
      'an instance of another image',
      { instances: [{ id: 'i-9', image: 'ami-0', group: 'group' }] },
      /^drifted i-9 runs another image/,
    ],
  ]
  for (const [title, more, words] of cases)
    it(`names ${title}`, () => {
      const found = what(imageFindings(app(more)))
      assert.equal(found.length, 1)
      assert.match(found[0]!, words)
    })

  it('does not blame an environment that the pipeline has not reached yet', () =>
    assert.deepEqual(imageFindings(app({ approvedImage: null })), []))

  it('names instances that belong to no group', () =>
    assert.match(
      what(orphanedFindings('staging', [{ id: 'i-5', image: 'ami-5', group: null }]))[0]!,
      /i-5 was launched by hand/,
    ))

  it('keeps what could not be checked apart from what is in sync', () => {
    const drift = {
      type: 'checked',
      stack: 's',
      resources: [resource('IN_SYNC'), resource('NOT_CHECKED'), resource('UNSUPPORTED')],
    } as const
    assert.deepEqual(
      stackFindings('shared', drift).map(({ type }) => type),
      ['unchecked', 'unchecked'],
    )
  })

  it('tells what a detection that failed found nevertheless, beside why it failed', () => {
    const resources = [resource('DELETED'), resource('UNKNOWN')]
    assert.deepEqual(what(stackFindings('shared', { type: 'failed', stack: 's', reason: 'denied', resources })), [
      'unchecked s drift detection failed: denied',
      'drifted s Firewall (AWS::EC2::SecurityGroup sg-1) was deleted by hand',
      'unchecked s Firewall (AWS::EC2::SecurityGroup sg-1) CloudFormation did not check this resource',
    ])
  })

  it('tells each property that was changed by hand (R64)', () => {
    const differences = [{ path: 'SecurityGroupIngress.1', expected: '', actual: '0.0.0.0/0' }]
    const found = stackFindings('staging', {
      type: 'checked',
      stack: 's',
      resources: [resource('MODIFIED', differences)],
    })
    assert.match(what(found)[0]!, /s Firewall .*sg-1.* SecurityGroupIngress\.1 was changed by hand/)
  })

  it('exits 0 in sync, 2 drifted, 3 unchecked; drift weighs more', () => {
    const report = (...types: readonly Finding['type'][]) =>
      driftExitCode({
        environments: [],
        checked: 1,
        findings: types.map((type) => ({ type, environment: 'e', subject: 's', what: 'w', expected: '', actual: '' })),
      })
    assert.deepEqual([report(), report('unchecked'), report('drifted'), report('unchecked', 'drifted')], [0, 3, 2, 2])
  })
})
