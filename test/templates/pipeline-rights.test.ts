import assert from 'node:assert/strict'
import { matches, statementsOf, where } from './support/statements.ts'
import { loadTemplate } from './support/template.ts'

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
    const building = starting.filter(({ role }) => role !== 'PacketRole')
    assert.ok(building.length > 0)
    for (const { condition } of building) assert.deepEqual(condition['StringLike'], { 'ec2:InstanceType': 't3.*' })
  })

  it('rehearse a launch of their own images in production alone, without a role, and can start nothing encrypted (B09)', async () => {
    const own = { 'aws:ResourceTag/Owner': 'acme', 'aws:ResourceTag/Project': 'shop' }
    const production = { ...own, 'aws:ResourceTag/Environment': 'production' }
    const rehearsing = (await delivery())
      .filter(({ role, actions }) => role === 'PacketRole' && actions.includes('ec2:RunInstances'))
      .flatMap(({ resources, condition }) => resources.map((arn) => [arn.split(':').at(-1)!, condition] as const))
    assert.deepEqual(Object.fromEntries(rehearsing), {
      'image/*': { StringEquals: own },
      'security-group/*': { StringEquals: { ...production, 'aws:ResourceTag/App': 'web-main' } },
      'subnet/*': { StringEquals: production },
      'instance/*': { StringEquals: { 'ec2:MetadataHttpTokens': 'required' } },
      'network-interface/*': {},
      'volume/*': {},
    })
    // https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html#ebs-encryption-permissions
    const grants = (await delivery()).filter(({ actions }) => actions.includes('kms:CreateGrant'))
    assert.deepEqual(new Set(grants.map(({ role }) => role)), new Set(['BakeRole', 'VerifyRole']))
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
