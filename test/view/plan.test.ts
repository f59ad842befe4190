import assert from 'node:assert/strict'
import { planSummary, renderPlan } from '../../scripts/view/plan.ts'
import type { ResourceChange, StackPlan } from '../../scripts/core/stack/plan.ts'
import { matchesGolden } from '../golden.ts'

const change = (more: Partial<ResourceChange>): ResourceChange => ({
  logicalId: 'Thing',
  resourceType: 'AWS::SNS::Topic',
  action: 'modify',
  replacement: 'no',
  properties: [],
  ...more,
})

const plan = (...changes: readonly ResourceChange[]): StackPlan => ({
  type: 'changes',
  stack: 'acme-shop-staging-app-shop-main',
  stackId: 'arn',
  operation: 'update',
  changeSet: 'arn:set',
  changes,
})

const rich = plan(
  change({ logicalId: 'Topic', action: 'add', properties: [{ path: 'Name', after: 'x', replaces: 'no' }] }),
  change({
    logicalId: 'LaunchTemplate',
    resourceType: 'AWS::EC2::LaunchTemplate',
    properties: [
      {
        path: 'LaunchTemplateData.ImageId',
        before: 'ami-00000000000000001',
        after: 'ami-00000000000000002',
        replaces: 'no',
      },
      { path: 'VersionDescription', before: '1.4.2 9f3c2e1', after: '1.4.3 4d1a90b', replaces: 'no' },
    ],
  }),
  change({
    logicalId: 'Group',
    resourceType: 'AWS::AutoScaling::AutoScalingGroup',
    properties: [{ path: 'LaunchTemplate.Version', replaces: 'no', cause: 'LaunchTemplate.LatestVersionNumber' }],
  }),
  change({
    logicalId: 'TargetGroup',
    resourceType: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    replacement: 'yes',
    properties: [{ path: 'Port', before: '80', after: '8080', replaces: 'yes' }],
  }),
  change({
    logicalId: 'Database',
    resourceType: 'AWS::RDS::DBCluster',
    replacement: 'conditional',
    deletionPolicy: 'retain',
    properties: [{ path: 'Engine', before: 'a', after: '{{changeSet:KNOWN_AFTER_APPLY}}', replaces: 'conditional' }],
  }),
  change({
    logicalId: 'OldBucketWithARatherLongNameThatIsCut',
    resourceType: 'AWS::S3::Bucket',
    action: 'remove',
    deletionPolicy: 'delete',
  }),
  change({ logicalId: 'Backups', resourceType: 'AWS::S3::Bucket', action: 'remove', deletionPolicy: 'retain' }),
)
const style = {
  columns: 80,
  colour: false,
  label: (value: string) => (value.endsWith('1') && value.startsWith('ami') ? `${value} (1.4.2, 9f3c2e1)` : value),
}

describe('plan on the screen', () => {
  it('puts what is lost first, in words, and fits 80 columns', () => {
    const screen = renderPlan('staging app', rich, style)
    matchesGolden('plan', screen)
    assert.ok(screen.split('\n').every((line) => line.length <= 80))
    const lines = screen.split('\n').filter((line) => /^[ !] [+~-] /.test(line))
    assert.deepEqual(
      lines.map((line) => line.startsWith('!')),
      [true, true, true, true, false, false, false],
    )
  })

  it('says the same in colour', () => {
    const coloured = renderPlan('staging app', rich, { ...style, colour: true })

    assert.equal(coloured.replaceAll(/\u001b\[\d+m/g, ''), renderPlan('staging app', rich, style))
    assert.ok(coloured.includes('\u001b[31m'))
  })

  it('is a line when nothing changes, or only text does', () => {
    assert.equal(renderPlan('app', { type: 'unchanged', stack: 'x' }, style), 'app: in sync')
    assert.equal(renderPlan('app', plan(), style), 'app: no resource changes, only outputs or text')
  })

  it('counts by what happens', () => {
    assert.equal(
      planSummary(rich),
      '1 new, 2 changed, 1 REPLACED, 1 CONDITIONALLY REPLACED, 1 DELETED, 1 let go, but kept',
    )
  })
})

describe('a group with another launch template', () => {
  const group = (path: string): string =>
    renderPlan(
      'app',
      plan(
        change({
          logicalId: 'Group',
          resourceType: 'AWS::AutoScaling::AutoScalingGroup',
          replacement: 'conditional',
          properties: [{ path, before: '1', after: '2', replaces: 'conditional' }],
        }),
      ),
      { columns: 80, colour: false },
    )

  it('is told to roll its instances, not to be replaced', () => {
    assert.match(group('LaunchTemplate.Version'), /Group {2}auto scaling group {2}rolls its instances/)
    assert.doesNotMatch(group('LaunchTemplate.Version'), /REPLACED|replace/)
  })

  it('is still a danger where anything else could replace it', () =>
    assert.match(group('VPCZoneIdentifier'), /CONDITIONALLY REPLACED/))
})

describe('a pipeline that is changed', () => {
  const screen = (action: ResourceChange['action']): string =>
    renderPlan(
      'pipeline',
      plan(change({ logicalId: 'Pipeline', resourceType: 'AWS::CodePipeline::Pipeline', action })),
      { columns: 80, colour: false },
    ).replaceAll(/\s+/g, ' ')

  it('says that no stage can go back afterwards, and which command takes an environment back', () => {
    assert.match(screen('modify'), /no stage can go back by itself/)
    assert.match(screen('modify'), /make rollback-app ENV=\.\.\. takes it back/)
  })

  it('says nothing of that where it is new, or goes', () => {
    for (const action of ['add', 'remove'] as const) assert.doesNotMatch(screen(action), /go back/)
  })
})
