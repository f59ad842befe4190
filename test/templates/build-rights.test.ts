import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { detailsOf } from './support/authorization.ts'
import { matches, statementsOf, where } from './support/statements.ts'
import { loadTemplate } from './support/template.ts'

/** The roles that builds of the pipeline run under. */
const buildRoles = async (): Promise<readonly string[]> => {
  const { Resources } = await loadTemplate('jobs')
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::CodeBuild::Project')
    .map(({ Properties }) => (Properties?.['ServiceRole'] as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0])
}

describe('builds', () => {
  const deploying = [
    'cloudformation:CreateStack',
    'cloudformation:UpdateStack',
    'cloudformation:DeleteStack',
    'cloudformation:CreateChangeSet',
    'cloudformation:ExecuteChangeSet',
    'autoscaling:UpdateAutoScalingGroup',
    'autoscaling:StartInstanceRefresh',
    'autoscaling:SetDesiredCapacity',
    'elasticloadbalancing:ModifyRule',
    'iam:PassRole',
    'iam:CreateRole',
    'iam:PutRolePolicy',
    'sts:AssumeRole',
    'codepipeline:PutApprovalResult',
  ]

  it('cannot deploy, approve, or take on another role', async () => {
    const roles = await buildRoles()
    assert.equal(roles.length, 7)
    const statements = statementsOf(await loadTemplate('jobs')).filter(({ role }) => roles.includes(role))
    const granted = statements.flatMap((statement) =>
      statement.actions
        .filter((action) => deploying.some((forbidden) => matches(action, forbidden)))
        .map((action) => `${where(statement)} ${action}`),
    )
    assert.deepEqual(granted, [])
  })

  it('write to no service but logs, artifacts, reports and, where images are made, EC2', async () => {
    const roles = await buildRoles()
    const writing: string[] = []
    for (const statement of statementsOf(await loadTemplate('jobs')))
      if (roles.includes(statement.role))
        for (const action of statement.actions) {
          const level = (await detailsOf(action))?.accessLevel ?? 'Write'
          if (!/^(Read|List|Read, List|List, Read)$/.test(level) && !/^(logs|s3|codebuild|kms|ec2):/.test(action))
            writing.push(`${where(statement)} ${action} (${level})`)
        }
    assert.deepEqual(writing, [])
  })

  // https://developer.hashicorp.com/packer/integrations/hashicorp/amazon/latest/components/builder/ebs
  it('share no image that they make: that is another step’s (A05)', () => {
    const files = globSync('packer/**/*.{hcl,json}')
    assert.ok(files.length > 3)
    const sharing = /^\s*(?:ami_(?:users|groups|org_arns|ou_arns)|snapshot_(?:users|groups))\s*=/m
    assert.deepEqual(
      files.filter((file) => sharing.test(readFileSync(file, 'utf8'))),
      [],
    )
  })

  it('change machines only where they bake and verify; Packet tries a launch by a dry run (B09)', async () => {
    const statements = statementsOf(await loadTemplate('jobs'))
    const roles = new Set(
      statements.filter(({ actions }) => actions.includes('ec2:RunInstances')).map(({ role }) => role),
    )
    assert.deepEqual([...roles].toSorted(), ['BakeRole', 'PacketRole', 'VerifyRole'])
  })

  it('run in the build subnet where they bake and verify, elsewhere without a network of ours', async () => {
    const { Resources } = await loadTemplate('jobs')
    const inside = Object.entries(Resources)
      .filter(
        ([, { Type, Properties }]) => Type === 'AWS::CodeBuild::Project' && Properties?.['VpcConfig'] !== undefined,
      )
      .map(([id]) => id)
    assert.deepEqual(inside.toSorted(), ['BakeProject', 'VerifyProject'])
  })

  // Above a limit of their own they fail instead of queueing, and a young account allows none above 1.
  // https://docs.aws.amazon.com/codebuild/latest/userguide/builds-working.html
  it('have a role, a log and a time limit each, and queue instead of failing', async () => {
    const { Resources } = await loadTemplate('jobs')
    const projects = Object.values(Resources).filter(({ Type }) => Type === 'AWS::CodeBuild::Project')
    for (const { Properties = {} } of projects) {
      assert.ok(Number(Properties['TimeoutInMinutes']) <= 90)
      assert.equal(Properties['ConcurrentBuildLimit'], undefined)
      assert.ok(Properties['LogsConfig'] !== undefined)
    }
    assert.equal(new Set(await buildRoles()).size, projects.length)
  })
})
