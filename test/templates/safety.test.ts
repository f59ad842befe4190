import assert from 'node:assert/strict'
import { example, longest, render } from './support/render.ts'
import { concerns, detailsOf, hasKey, needsEverything } from './support/authorization.ts'
import { matches, policiesOf, statementsOf, where, type Statement } from './support/statements.ts'
import { loadTemplate, objectsIn, templateFile, templateNames, type Template, type Value } from './support/template.ts'

/** Patterns of actions that are meant as such, with the reason. */
const patterns: Readonly<Record<string, string>> = {
  'autoscaling:Describe*': 'reading only; CloudFormation asks for the pattern itself, and no resource can be named',
  'elasticloadbalancing:Describe*': 'reading only; CloudFormation asks for the pattern itself',
  'kms:GenerateDataKey*': 'with and without plaintext; the key is named',
  'kms:ReEncrypt*': 'from and to; the key is named',
}

/** Changes that AWS lets a policy bind neither by name nor by tag. */
const unbound: Readonly<Record<string, string>> = {
  'elasticloadbalancing:SetRulePriorities':
    'AWS sends no tags of the rule with it; it moves rules and changes nothing in them',
}

const all = async (): Promise<readonly { file: string; template: Template; statements: readonly Statement[] }[]> =>
  Promise.all(
    templateNames.map(async (name) => {
      const template = await loadTemplate(name)
      return { file: templateFile(name), template, statements: statementsOf(template) }
    }),
  )

const everyStatement = async (): Promise<readonly (Statement & { readonly file: string })[]> =>
  (await all()).flatMap(({ file, statements }) => statements.map((statement) => ({ ...statement, file })))

/** The roles that builds of the pipeline run under. */
const buildRoles = async (): Promise<readonly string[]> => {
  const { Resources } = await loadTemplate('jobs')
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::CodeBuild::Project')
    .map(({ Properties }) => (Properties?.['ServiceRole'] as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0])
}

describe('policies of the templates', () => {
  it('name actions that exist', async () => {
    const unknown: string[] = []
    for (const statement of await everyStatement())
      for (const action of statement.actions)
        if (!(action in patterns) && (await detailsOf(action)) === undefined)
          unknown.push(`${where(statement)} ${action}`)
    assert.deepEqual(unknown, [])
  })

  it('name resources wherever AWS knows any', async () => {
    const loose: string[] = []
    for (const statement of await everyStatement())
      if (statement.resources.includes('*'))
        for (const action of statement.actions)
          if (!(action in patterns) && !(await needsEverything(action))) loose.push(`${where(statement)} ${action}`)
    assert.deepEqual(loose, [])
  })

  it('name only resources that their actions can have, and for every action one', async () => {
    const idle: string[] = []
    for (const statement of await everyStatement()) {
      const { actions, resources } = statement
      const named = actions.filter((action) => !(action in patterns))
      if (resources.includes('*') || named.length === 0) continue
      for (const action of named)
        if (!(await some(resources, (arn) => concerns(action, arn)))) idle.push(`${where(statement)} ${action}`)
      for (const arn of resources)
        if (!(await some(named, (action) => concerns(action, arn)))) idle.push(`${where(statement)} ${arn}`)
    }
    assert.deepEqual(idle, [])
  })

  it('ask only for conditions that AWS sends with every action of the statement', async () => {
    const dead: string[] = []
    for (const statement of await everyStatement())
      for (const key of Object.values(statement.condition).flatMap((keys) => Object.keys(keys)))
        for (const action of statement.actions)
          if (!(action in patterns) && !(await hasKey(action, key))) dead.push(`${where(statement)} ${action} ${key}`)
    assert.deepEqual(dead, [])
  })

  it('say in an id of its own what each statement is for', async () => {
    for (const { file, template } of await all())
      for (const { role, document } of policiesOf(template)) {
        const sids = (document['Statement'] as { Sid?: string }[]).map(({ Sid }) => Sid)
        assert.ok(
          sids.every((sid) => sid !== undefined),
          `${file} ${role}: a statement without Sid`,
        )
        assert.equal(new Set(sids).size, sids.length, `${file} ${role}: a Sid twice`)
      }
  })

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  it('fit into the sizes that IAM allows, with the longest names', async () => {
    for (const { template } of await all()) {
      const policies = policiesOf(template, longest)
      for (const role of new Set(policies.map((policy) => policy.role))) {
        const own = policies.filter((policy) => policy.role === role)
        const size = own.reduce((sum, { document }) => sum + JSON.stringify(document).length, 0)
        const limit = own[0]!.kind === 'managed' ? 6144 : 10_240
        assert.ok(size <= limit, `${role}: ${size} characters, ${limit} are allowed`)
      }
    }
  })

  it('let roles be passed only to a named service, and only named roles', async () => {
    const passing = (await everyStatement()).filter(({ actions }) => actions.includes('iam:PassRole'))
    assert.ok(passing.length >= 2)
    for (const statement of passing) {
      assert.ok(statement.condition['StringEquals']?.['iam:PassedToService'] !== undefined, where(statement))
      assert.ok(
        statement.resources.every((arn) => /:role\/acme-shop\//.test(arn)),
        where(statement),
      )
    }
  })
})

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

  it('change machines only where they bake and verify', async () => {
    const statements = statementsOf(await loadTemplate('jobs'))
    const roles = new Set(
      statements.filter(({ actions }) => actions.includes('ec2:RunInstances')).map(({ role }) => role),
    )
    assert.deepEqual([...roles].toSorted(), ['BakeRole', 'VerifyRole'])
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

describe('the pipeline and its builds', () => {
  const delivery = async () => [
    ...statementsOf(await loadTemplate('jobs')),
    ...statementsOf(await loadTemplate('pipeline')),
  ]
  const granted = async (action: string, arn: string): Promise<string[]> =>
    [
      ...new Set(
        (await delivery())
          .filter(({ actions, resources }) => actions.includes(action) && resources.some((one) => matches(one, arn)))
          .map(({ role }) => role),
      ),
    ].sort()

  it('reach the stacks of their own app, and not of one whose name begins so', async () => {
    const stack = (app: string, environment = 'production'): string =>
      `arn:aws:cloudformation:us-east-1:123456789012:stack/acme-shop-${environment}-app-${app}/0`
    const describing = await granted('cloudformation:DescribeStacks', stack('web-main'))
    assert.deepEqual(describing, ['ConfigureRole', 'GuardRole', 'PacketRole', 'PipelineRole', 'SmokeRole'])
    // Recover deletes a stack of this name, which does not exist, where there is nothing to do.
    const none = 'arn:aws:cloudformation:us-east-1:123456789012:stack/acme-shop-none-app-web-main/0'
    assert.deepEqual(await granted('cloudformation:DeleteStack', none), ['PipelineRole'])
    for (const action of ['DeleteStack', 'UpdateStack', 'CreateStack', 'SetStackPolicy', 'UpdateTerminationProtection'])
      assert.deepEqual(await granted(`cloudformation:${action}`, stack('web-main')), [], `${action} on production`)
    for (const action of ['DescribeStacks', 'DeleteStack', 'UpdateStack', 'CreateChangeSet', 'ExecuteChangeSet'])
      assert.deepEqual(await granted(`cloudformation:${action}`, stack('web-main2')), [], action)
  })

  it("write the pipeline's artifacts only where a job hands some over", async () => {
    const { Resources } = await loadTemplate('pipeline')
    type Stage = { Actions: { Name: string; OutputArtifacts?: unknown; ActionTypeId: { Provider: string } }[] }
    const entries = Resources['Pipeline']!.Properties!['Stages'] as unknown as (Stage | { 'Fn::If': [string, Stage] })[]
    const jobs = entries
      .map((entry) => ('Actions' in entry ? entry : entry['Fn::If'][1]))
      .flatMap(({ Actions }) => Actions)
      .filter((action) => action.OutputArtifacts !== undefined)
    assert.deepEqual(
      jobs.map(({ Name }) => Name),
      ['Source', 'Control', 'Configure'],
    )
    const own = 'arn:aws:s3:::acme-shop-jobs-web-main-artifactbucket-1a2b3c4d5e6f/acme-shop-pipeline-w'
    assert.deepEqual(await granted('s3:PutObject', `${own}/Configured/1`), ['ConfigureRole', 'PipelineRole'])
    for (const name of ['Source', 'Control'])
      assert.deepEqual(await granted('s3:PutObject', `${own}/${name}/1`), ['PipelineRole'])
  })

  it('write nothing that another job executes, and nothing of another pipeline (B22)', async () => {
    const shared = 'arn:aws:s3:::acme-shop-artifacts-artifactbucket-1a2b3c4d5e6f'
    for (const key of ['control/0.1.0-a-b.zip', 'tools/node-1.tar.gz', 'templates/1.yaml'])
      assert.deepEqual(await granted('s3:PutObject', `${shared}/${key}`), [], key)
    const other = 'arn:aws:s3:::acme-shop-jobs-web-side-artifactbucket-1a2b3c4d5e6f/acme-shop-pipeline-w/Configured/1'
    for (const action of ['s3:PutObject', 's3:GetObject']) assert.deepEqual(await granted(action, other), [], action)
  })

  it('take images of no machine but a builder of their own pipeline, and of what they made only their own (B22)', async () => {
    const mine = 'pipeline web main'
    const making = (await delivery()).filter(({ actions }) => actions.includes('ec2:CreateImage'))
    assert.deepEqual(
      making.map(({ sid, condition }) => [
        sid,
        condition['StringEquals']?.['aws:ResourceTag/Builder'],
        condition['StringEquals']?.['aws:ResourceTag/BuiltFor'] ??
          condition['StringEquals']?.['aws:RequestTag/BuiltFor'],
      ]),
      [
        ['MakeImagesOfOwnBuilders', 'bake', mine],
        ['NameImages', undefined, mine],
      ],
    )
    const changing = /^ec2:(?:CreateTags|ModifyImageAttribute|DeregisterImage|DeleteSnapshot|TerminateInstances)$/
    for (const statement of await delivery())
      if (statement.actions.some((action) => changing.test(action)) && !/volume/.test(statement.resources.join())) {
        const { condition } = statement
        const bound =
          condition['StringEquals']?.['ec2:CreateAction'] ?? condition['StringEquals']?.['aws:ResourceTag/BuiltFor']
        assert.ok(bound !== undefined, where(statement))
      }
    // Whose a thing is nobody changes, not even who made it.
    const tagging = (await delivery()).filter(
      ({ actions, condition }) =>
        actions.includes('ec2:CreateTags') && condition['StringEquals']?.['aws:ResourceTag/BuiltFor'],
    )
    for (const { condition } of tagging)
      assert.equal(condition['StringEqualsIfExists']?.['aws:RequestTag/BuiltFor'], mine)
  })

  it('start machines only of types that a person listed (B22)', async () => {
    const starting = (await delivery()).filter(
      ({ actions, resources }) =>
        actions.includes('ec2:RunInstances') && resources.some((arn) => /:instance\//.test(arn)),
    )
    assert.ok(starting.length > 0)
    for (const { condition } of starting) assert.deepEqual(condition['StringLike'], { 'ec2:InstanceType': 't3.*' })
  })

  it('report where checks run, into the group of the stack alone', async () => {
    const group = 'arn:aws:codebuild:us-east-1:123456789012:report-group/acme-shop-pipeline-web-main'
    assert.deepEqual(await granted('codebuild:CreateReport', `${group}-verify-checks`), ['VerifyRole'])
    assert.deepEqual(await granted('codebuild:CreateReportGroup', `${group}-bake-checks`), [])
  })

  it('keep nothing on their host, where another build would execute it (B22)', async () => {
    const { Resources } = await loadTemplate('jobs')
    for (const [id, { Properties = {} }] of Object.entries(Resources)) assert.equal(Properties['Cache'], undefined, id)
  })

  it('delete no image that is finished', async () => {
    const deleting = (await delivery()).filter(({ actions }) =>
      actions.some((action) => /^ec2:(?:DeregisterImage|DeleteSnapshot)$/.test(action)),
    )
    assert.deepEqual(deleting.map(({ role }) => role).sort(), ['BakeRole', 'SweepRole'])
    for (const { condition } of deleting) {
      assert.deepEqual(condition['Null'], { 'aws:ResourceTag/Inputs': 'true' })
      assert.equal(condition['StringEquals']?.['aws:ResourceTag/Owner'], 'acme')
    }
  })
})

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

describe('what holds data', () => {
  it('is private, versioned, encrypted with our key, and reached over TLS alone', async () => {
    const [artifacts, jobs] = await Promise.all([loadTemplate('artifacts'), loadTemplate('jobs')])
    const buckets = [artifacts, jobs].flatMap(({ Resources }) =>
      Object.entries(Resources)
        .filter(([, { Type }]) => Type === 'AWS::S3::Bucket')
        .map(([id, { Properties = {} }]) => ({ id, Properties, Resources })),
    )
    assert.equal(buckets.length, 3)
    for (const { id, Properties, Resources } of buckets) {
      assert.deepEqual(new Set(Object.values(Properties['PublicAccessBlockConfiguration'] as object)), new Set([true]))
      assert.deepEqual(Properties['VersioningConfiguration'], { Status: 'Enabled' })
      assert.match(
        JSON.stringify(Properties['BucketEncryption']),
        /"aws:kms".*"KMSMasterKeyID":{"Fn::(?:GetAtt":\["Key","Arn"\]|ImportValue":{"Fn::Sub":"\$\{Artifacts\}-KeyArn"})}/,
      )
      const policy = Object.values(Resources).find(
        ({ Type, Properties: own }) =>
          Type === 'AWS::S3::BucketPolicy' && (own?.['Bucket'] as { Ref?: string } | undefined)?.Ref === id,
      )
      assert.match(JSON.stringify(policy), /"Effect":"Deny".*"aws:SecureTransport":"false"/)
    }
  })

  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
  it('is encrypted with a key that Auto Scaling may use, also before its role exists', async () => {
    const { Resources } = await loadTemplate('artifacts')
    const { Statement } = render(Resources['Key']!.Properties!['KeyPolicy']!) as unknown as {
      Statement: {
        Principal: { AWS?: string }
        Action: string | string[]
        Condition?: Record<string, Record<string, string>>
      }[]
    }
    const ours = Statement.filter(({ Condition }) =>
      Condition?.['ArnEquals']?.['aws:PrincipalArn']?.endsWith('/AWSServiceRoleForAutoScaling'),
    )
    assert.deepEqual(ours.flatMap(({ Action }) => Action).toSorted(), [
      'kms:CreateGrant',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey*',
      'kms:ReEncrypt*',
    ])
    for (const { Principal, Condition } of ours) {
      assert.equal(Principal.AWS, '*')
      assert.equal(Condition?.['StringEquals']?.['kms:CallerAccount'], '123456789012')
    }
    const grant = ours.find(({ Action }) => Action === 'kms:CreateGrant')
    assert.equal(grant?.Condition?.['Bool']?.['kms:GrantIsForAWSResource'], 'true')
  })

  it('holds no secret in a template', async () => {
    for (const { template } of await all())
      for (const { at } of objectsIn(template as unknown as Value))
        for (const key of Object.keys(at)) assert.doesNotMatch(key, /password|secret|token$/i)
  })
})

const some = async <T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<boolean> => {
  for (const item of items) if (await test(item)) return true
  return false
}
