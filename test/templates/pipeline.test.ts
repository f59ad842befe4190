import assert from 'node:assert/strict'
import { example, render } from './support/render.ts'
import { loadTemplate, type Value } from './support/template.ts'
import { type Action, always, stages, stage, names, stackOf, variables, deploying } from './support/pipeline.ts'

describe('the pipeline', () => {
  it('bakes, verifies, deploys to integration and staging, and only then to production (R44, R48)', async () => {
    assert.deepEqual(
      (await stages()).map(({ Name }) => Name),
      ['Source', 'Bake', 'Verify', 'Recover', 'Integration', 'Staging', 'Plan', 'Production'],
    )
  })

  it('ends with a candidate that was checked where a setting says so, as merge requests want it (G04, G27)', async () => {
    const { Conditions = {}, Parameters } = await loadTemplate('pipeline')
    assert.deepEqual(Conditions['HasDeployments'], { 'Fn::Equals': [{ Ref: 'UpTo' }, 'production'] })
    assert.equal(Parameters['UpTo']!.Default, 'production')
    const candidate = await always()
    assert.deepEqual(
      candidate.map(({ Name }) => Name),
      ['Source', 'Bake', 'Verify'],
    )
    assert.deepEqual(deploying(candidate), [])
    const deployers = (actions: readonly Action[]) =>
      actions.filter(({ ActionTypeId }) => ActionTypeId.Provider === 'CloudFormation')
    assert.deepEqual(deployers(candidate.flatMap(({ Actions }) => Actions)), [])
  })

  it('passes one image through all environments (R47)', async () => {
    const overrides = deploying(await stages()).map(({ Configuration }) => Configuration['ParameterOverrides'])
    assert.equal(overrides.length, 4)
    assert.deepEqual([...new Set(overrides)], ['{"ImageId":"#{Configure.IMAGE_ID}"}'])
  })

  it('is started by the source, by event', async () => {
    const { Resources } = await loadTemplate('pipeline')
    const [source] = (await stage('Source')).Actions
    assert.equal(source?.Configuration['PollForSourceChanges'], 'false')
    const pattern = Resources['StartRule']!.Properties!['EventPattern'] as { 'detail-type': string[]; detail: unknown }
    assert.deepEqual(pattern['detail-type'], ['Object Created'])
    assert.match(JSON.stringify(pattern.detail), /"key":\[\{"Ref":"SourceKey"\}\]/)
  })

  it('deploys under the deploy role alone', async () => {
    const actions = (await stages()).flatMap(({ Actions }) => Actions)
    const stacks = actions.filter(({ ActionTypeId }) => ActionTypeId.Provider === 'CloudFormation')
    const under = stacks.filter(({ Configuration }) => Configuration['ActionMode'] !== 'CHANGE_SET_EXECUTE')
    assert.equal(under.length, 6)
    const { RoleName, Path } = (await loadTemplate('foundation')).Resources['DeployRole']!.Properties!
    for (const action of under) {
      const environment = /^(?:#\{Configure\.RECOVER_(\w+)\}|acme-shop-(\w+)-app-web-main)$/.exec(stackOf(action))!
      const where = { ...example, Environment: (environment[1] ?? environment[2]!).toLowerCase() }
      assert.equal(
        render(action.Configuration['RoleArn']!),
        `arn:aws:iam::123456789012:role${String(render(Path!, where))}${String(render(RoleName!, where))}`,
      )
    }
  })

  it('runs what a person released, and lets a commit be seen by Bake and Verify alone (B22)', async () => {
    const all = (await stages()).flatMap(({ Actions }) => Actions) as unknown as (Action & {
      InputArtifacts?: { Name: string }[]
    })[]
    const jobs = all.filter(({ ActionTypeId }) => ActionTypeId.Provider === 'CodeBuild')
    const seeing = all.filter(({ InputArtifacts = [] }) => InputArtifacts.some(({ Name }) => Name === 'Source'))
    assert.deepEqual(names(seeing), ['Bake', 'Verify'])
    for (const { Name, InputArtifacts = [], Configuration } of jobs) {
      assert.equal(InputArtifacts[0]?.Name, 'Control', Name)
      if (InputArtifacts.length > 1) assert.equal(Configuration['PrimarySource'], 'Control')
    }
    for (const { Configuration } of deploying(await stages()))
      assert.match(String(Configuration['TemplatePath']), /^Control::cloudformation\//)
  })

  it('believes nothing that Bake says but which image to look at (B22)', async () => {
    const { Resources } = await loadTemplate('pipeline')
    const told = [...JSON.stringify(Resources).matchAll(/#\{Bake\.(\w+)\}/g)].map(([, name]) => name)
    assert.deepEqual([...new Set(told)], ['IMAGE_ID'])
    const configured = (await stage('Verify')).Actions.map((action) => [action.Name, variables(action)['IMAGE_ID']])
    assert.deepEqual(configured, [
      ['Verify', '#{Bake.IMAGE_ID}'],
      ['Configure', '#{Bake.IMAGE_ID}'],
    ])
  })

  // https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
  it('keeps parameter overrides within the kilobyte that is allowed', async () => {
    for (const { Configuration } of deploying(await stages()))
      assert.ok(String(Configuration['ParameterOverrides']).length < 900)
  })

  it('sweeps what a bake or verification left that did not end well, and only that one', async () => {
    const { Resources } = await loadTemplate('jobs')
    const { EventPattern, Targets } = Resources['SweepRule']!.Properties as unknown as {
      EventPattern: { detail: { 'build-status': string[]; 'project-name': Value[] } }
      Targets: { Arn: Value; RoleArn: Value; InputTransformer: { InputPathsMap: unknown; InputTemplate: string } }[]
    }
    assert.deepEqual(EventPattern.detail, {
      'build-status': ['FAILED', 'FAULT', 'STOPPED', 'TIMED_OUT'],
      'project-name': [{ Ref: 'BakeProject' }, { Ref: 'VerifyProject' }],
    })
    const [target] = Targets
    assert.deepEqual(target?.Arn, { 'Fn::GetAtt': ['SweepProject', 'Arn'] })
    assert.deepEqual(target.InputTransformer.InputPathsMap, { build: '$.detail.build-id' })
    assert.deepEqual(JSON.parse(target.InputTransformer.InputTemplate.replace('<build>', '"arn"')), {
      environmentVariablesOverride: [{ name: 'BUILD', value: 'arn' }],
    })
    const { Source, Artifacts } = Resources['SweepProject']!.Properties as unknown as Record<string, { Type: string }>
    // Only a pipeline can start a build whose source is CODEPIPELINE.
    assert.deepEqual([Source!.Type, Artifacts!.Type], ['S3', 'NO_ARTIFACTS'])
  })

  it('tells a topic how executions ended, and by e-mail whom an address was given for (R49)', async () => {
    const { Resources } = await loadTemplate('pipeline')
    const { EventPattern, Targets } = Resources['EndRule']!.Properties as unknown as {
      EventPattern: { detail: { state: string[] } }
      Targets: { Arn: Value }[]
    }
    assert.deepEqual(EventPattern.detail.state, ['SUCCEEDED', 'FAILED'])
    assert.match(String(render(Targets[0]!.Arn)), /BuildTopic/)
    const artifacts = await loadTemplate('artifacts')
    const { Condition, Properties } = artifacts.Resources['BuildEmail']!
    assert.deepEqual(Properties, {
      TopicArn: { Ref: 'BuildTopic' },
      Protocol: 'email',
      Endpoint: { Ref: 'EmailAddress' },
    })
    assert.equal(Condition, 'HasEmailAddress')
    assert.deepEqual(artifacts.Conditions?.[Condition], {
      'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'EmailAddress' }, ''] }],
    })
  })
})
