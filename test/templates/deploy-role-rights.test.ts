import assert from 'node:assert/strict'
import { example, longest, render } from './support/render.ts'
import { detailsOf } from './support/authorization.ts'
import { matches, statementsOf, where } from './support/statements.ts'
import { loadTemplate, type Value } from './support/template.ts'
import { patterns } from './support/policies.ts'

/** Changes that AWS lets a policy bind neither by name nor by tag. */
const unbound: Readonly<Record<string, string>> = {
  'elasticloadbalancing:SetRulePriorities':
    'AWS sends no tags of the rule with it; it moves rules and changes nothing in them',
}

describe('the deploy role', () => {
  const own = async () => statementsOf(await loadTemplate('foundation')).filter(({ role }) => role === 'DeployRole')

  it('makes and changes no role, and passes only those of its own environment to machines (B22)', async () => {
    const iam = (await own()).flatMap(({ actions, resources }) =>
      actions.filter((action) => action.startsWith('iam:')).map((action) => [action, ...resources]),
    )
    assert.deepEqual(iam, [
      ['iam:PassRole', 'arn:aws:iam::123456789012:role/acme-shop/app/staging/*'],
      [
        'iam:CreateServiceLinkedRole',
        'arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
      ],
    ])
  })

  it('changes nothing of another environment: by its tag, or by name where AWS knows no tags (B22)', async () => {
    for (const statement of await own()) {
      const level = async (action: string) =>
        action in patterns ? 'Read' : ((await detailsOf(action))?.accessLevel ?? '')
      const changing = await Promise.all(statement.actions.map(level))
      if (changing.every((one) => /Read|List/.test(one))) continue
      const byTag = JSON.stringify(statement.condition).includes('Tag/Environment":"staging"')
      const byName = statement.resources.every((arn) =>
        /acme-shop-staging-app-\*|acme-shop\/app\/staging|acme-LoadB-1A2B3C4D5E6F|aws-service-role/.test(arn),
      )
      // What is only just made has the tags of its making; images serve all environments.
      const made = /CreateAction|ec2:LaunchTemplate/.test(JSON.stringify(statement.condition))
      assert.ok(byTag || byName || made || statement.sid === 'StartOwnImages', where(statement))
    }
  })

  it('lets machines be no more than their own environment allows, by a policy that is named for its riglet', async () => {
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
    const policy = (await loadTemplate('artifacts')).Resources['InstanceBoundary']!.Properties!
    const riglets = [example, longest, { ...example, Riglet: 'acme-blog' }, { ...example, 'AWS::Region': 'eu-west-1' }]
    const names = riglets.map((riglet) => String(render(policy['ManagedPolicyName']!, riglet)))
    assert.equal(new Set(names).size, riglets.length)
    assert.ok(names.every((name) => name.length <= 128))
    const { Resources } = await loadTemplate('jobs')
    for (const environment of ['Integration', 'Staging', 'Production']) {
      const role = Resources[`${environment}InstanceRole`]!.Properties!
      assert.deepEqual(role['PermissionsBoundary'], {
        'Fn::ImportValue': { 'Fn::Sub': '${Artifacts}-InstanceBoundaryArn' },
      })
      const tags = role['Tags'] as { Key: string; Value: Value }[]
      assert.equal(tags.find(({ Key }) => Key === 'Environment')?.Value, environment.toLowerCase())
    }
  })

  it('changes nothing but what app stacks made', async () => {
    const changes: string[] = []
    for (const statement of await own()) {
      const byName = statement.resources.every((arn) => /acme-shop.*app|aws-service-role/.test(arn))
      const byTag = JSON.stringify(statement.condition).match(
        /(Request|Resource)Tag\/Project|CreateAction|LaunchTemplate/,
      )
      for (const action of statement.actions) {
        const level = action in patterns ? 'Read' : ((await detailsOf(action))?.accessLevel ?? '')
        if (!/Read|List/.test(level) && !byName && !byTag && !(action in unbound))
          changes.push(`${where(statement)} ${action}`)
      }
    }
    assert.deepEqual(changes, [])
  })

  it('ends at the environment that an instance’s own role is tagged with (B22)', async () => {
    const bounds = statementsOf(await loadTemplate('artifacts')).filter(({ role }) => role === 'InstanceBoundary')
    const wide = bounds.filter(({ actions }) => !actions.includes('kms:Decrypt'))
    assert.ok(wide.length >= 3)
    for (const statement of wide)
      for (const arn of statement.resources) assert.match(arn, /\$\{aws:PrincipalTag\/Environment\}/, where(statement))
    const secure = JSON.stringify((await loadTemplate('artifacts')).Resources['InstanceBoundary'])
    assert.match(secure, /EncryptionContext:PARAMETER_ARN":\{"Fn::Sub":"[^"]*PrincipalTag\/Environment\}\/\*"/)
  })

  it('gives instances no more than the boundary', async () => {
    const bounds = statementsOf(await loadTemplate('artifacts')).filter(({ role }) => role === 'InstanceBoundary')
    const roles = statementsOf(await loadTemplate('jobs')).filter(({ role }) => role.endsWith('InstanceRole'))
    assert.equal(new Set(roles.map(({ role }) => role)).size, 3)
    for (const statement of roles) {
      const environment = statement.role.replace('InstanceRole', '').toLowerCase()
      const inPlace = (pattern: string): string => pattern.replaceAll('${aws:PrincipalTag/Environment}', environment)
      for (const action of statement.actions)
        for (const arn of statement.resources)
          assert.ok(
            bounds.some(
              ({ actions, resources }) =>
                actions.includes(action) && resources.some((pattern) => matches(inPlace(pattern), arn)),
            ),
            `${where(statement)}: ${action} on ${arn}`,
          )
    }
  })
})
