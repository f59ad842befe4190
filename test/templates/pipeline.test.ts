import assert from 'node:assert/strict'
import { example, render } from './support/render.ts'
import { loadTemplate, type Value } from './support/template.ts'

type Action = {
  readonly Name: string
  readonly RunOrder?: number
  readonly Namespace?: string
  readonly ActionTypeId: { readonly Category: string; readonly Provider: string }
  readonly Configuration: Readonly<Record<string, Value>>
}
type Rules = {
  readonly Conditions: readonly { readonly Result: string; readonly Rules: readonly { Configuration: unknown }[] }[]
}
type Stage = {
  readonly Name: string
  readonly BeforeEntry?: Rules
  readonly OnFailure?: unknown
  readonly Actions: readonly Action[]
}

const pipeline = async () => (await loadTemplate('pipeline')).Resources['Pipeline']!.Properties!
type Entry = Stage | { readonly 'Fn::If': readonly [condition: string, stage: Stage, none: unknown] }
const entries = async (): Promise<readonly Entry[]> => (await pipeline())['Stages'] as unknown as Entry[]
/** As it is unless a setting says otherwise. */
const stages = async (): Promise<readonly Stage[]> => (await entries()).filter((entry) => 'Name' in entry)
/** The stage that a setting adds. */
const added = async () => (await entries()).flatMap((entry) => ('Fn::If' in entry ? [entry['Fn::If']] : []))
const text = (value: Value | undefined): string =>
  typeof value === 'object' && value !== null && 'Fn::Sub' in value ? String(value['Fn::Sub']) : String(value)
const stage = async (name: string): Promise<Stage> => (await stages()).find(({ Name }) => Name === name)!
const names = (actions: readonly Action[]): string[] => actions.map(({ Name }) => Name)
const stackOf = ({ Configuration }: Action): string => String(render(Configuration['StackName']!))
const variables = ({ Configuration }: Action): Record<string, string> =>
  Object.fromEntries(
    (JSON.parse(text(Configuration['EnvironmentVariables'])) as { name: string; value: string }[]).map(
      ({ name, value }) => [name, value],
    ),
  )
const deploying = (all: readonly Stage[]): readonly Action[] =>
  all.flatMap(({ Actions }) => Actions.filter(({ Configuration }) => Configuration['TemplatePath'] !== undefined))

describe('the pipeline', () => {
  it('bakes, verifies, deploys to integration and staging, and only then to production (R44, R48)', async () => {
    assert.deepEqual(
      (await stages()).map(({ Name }) => Name),
      ['Source', 'Bake', 'Verify', 'Recover', 'Integration', 'Staging', 'Plan', 'Production'],
    )
  })

  it('passes one image through all environments (R47)', async () => {
    const overrides = deploying(await stages()).map(({ Configuration }) => Configuration['ParameterOverrides'])
    assert.equal(overrides.length, 4)
    assert.deepEqual([...new Set(overrides)], ['{"ImageId":"#{Configure.IMAGE_ID}"}'])
  })

  it('changes production only after a plan, an approval and a guard (R45)', async () => {
    const { Actions } = await stage('Production')
    assert.deepEqual(names(Actions), ['ChangeSet', 'Packet', 'Approve', 'Guard', 'Execute', 'Smoke'])
    assert.deepEqual(
      Actions.map(({ RunOrder }) => RunOrder ?? 1),
      [1, 2, 3, 4, 5, 6],
    )
    const touching = (await stages())
      .flatMap(({ Name, Actions: all }) => all.map((action) => ({ stage: Name, action })))
      .filter(({ action }) => action.ActionTypeId.Provider === 'CloudFormation' && /-production-/.test(stackOf(action)))
      .filter(({ action }) => action.Configuration['ActionMode'] !== 'CHANGE_SET_REPLACE')
    assert.deepEqual(
      touching.map(({ stage: at, action }) => `${at} ${action.Name}`),
      ['Production Execute'],
    )
  })

  it('plans production only once nothing changes it, and waits for that with a role that only looks', async () => {
    const { Actions } = await stage('Plan')
    assert.deepEqual(
      Actions.map(({ Name, RunOrder = 1 }) => [Name, RunOrder]),
      [
        ['Await', 1],
        ['ChangeSet', 2],
        ['Packet', 3],
      ],
    )
    assert.deepEqual(variables(Actions[0]!), { TARGET: 'await-app', ENV: 'production' })
    assert.deepEqual(Actions[0]!.Configuration['ProjectName'], {
      'Fn::ImportValue': { 'Fn::Sub': '${Jobs}-GuardProject' },
    })
    const { Resources } = await loadTemplate('jobs')
    const guard = Resources['GuardProject']!.Properties!
    assert.ok(Number(guard['TimeoutInMinutes']) > 60, 'the job must outlast its own limit')
  })

  it('shows the digest where it asks, and hands the very same to the guard', async () => {
    const { Actions } = await stage('Production')
    const approve = Actions.find(({ Name }) => Name === 'Approve')!
    assert.match(String(approve.Configuration['CustomData']), /#\{Packet\.DIGEST\}/)
    assert.ok(
      String(approve.Configuration['CustomData']).length < 200,
      '1000 characters are allowed, variables filled in',
    )
    assert.equal(variables(Actions.find(({ Name }) => Name === 'Guard')!)['DIGEST'], '#{Packet.DIGEST}')
  })

  it('executes the change set that it made and showed, and plans beside it', async () => {
    const set = async (name: string, action: string): Promise<unknown> =>
      (await stage(name)).Actions.find(({ Name }) => Name === action)!.Configuration['ChangeSetName']
    assert.equal(await set('Production', 'Execute'), await set('Production', 'ChangeSet'))
    assert.notEqual(await set('Plan', 'ChangeSet'), await set('Production', 'ChangeSet'))
    for (const name of ['Plan', 'Production']) {
      const packet = (await stage(name)).Actions.find(({ Name }) => Name === 'Packet')!
      assert.equal(variables(packet)['CHANGE_SET'], await set(name, 'ChangeSet'))
    }
  })

  it('skips production when it would not change, and recovery when nothing needs it', async () => {
    for (const [name, variable] of [
      ['Production', '#{Plan.CHANGES}'],
      ['Recover', '#{Configure.RECOVER}'],
    ] as const) {
      const [condition] = (await stage(name)).BeforeEntry!.Conditions
      assert.equal(condition?.Result, 'SKIP')
      assert.deepEqual(condition.Rules[0]?.Configuration, { Variable: variable, Value: 'yes', Operator: 'EQ' })
    }
  })

  // https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
  it('rolls integration and staging back when they fail, Smoke included, and production never by itself', async () => {
    const rolling = (await stages()).filter(({ OnFailure }) => OnFailure !== undefined)
    assert.deepEqual(
      rolling.map(({ Name, OnFailure, Actions }) => [Name, OnFailure, Actions.at(-1)?.Name]),
      [
        ['Integration', { Result: 'ROLLBACK' }, 'Smoke'],
        ['Staging', { Result: 'ROLLBACK' }, 'Smoke'],
      ],
    )
  })

  it('takes production back after a failed Smoke by setting alone, to the image that its packet names', async () => {
    const [[condition, back, none], ...others] = (await added()) as [Awaited<ReturnType<typeof added>>[number]]
    assert.deepEqual([condition, none, others], ['HasRollBack', { Ref: 'AWS::NoValue' }, []])
    const { Conditions = {}, Parameters } = await loadTemplate('pipeline')
    assert.deepEqual(Conditions['HasRollBack'], { 'Fn::Equals': [{ Ref: 'RollBackOnSmoke' }, 'production'] })
    assert.equal(Parameters['RollBackOnSmoke']!.Default, 'none')
    assert.deepEqual(
      back.Actions.map(({ Name, RunOrder = 1 }) => [Name, RunOrder]),
      [
        ['ChangeSet', 1],
        ['Execute', 2],
        ['Smoke', 3],
      ],
    )
    assert.deepEqual(back.BeforeEntry?.Conditions[0]?.Rules[0]?.Configuration, {
      Variable: '#{Smoke.SMOKE}',
      Value: 'failed',
      Operator: 'EQ',
    })
    const [set, execute, smoke] = back.Actions as [Action, Action, Action]
    assert.deepEqual(JSON.parse(String(set.Configuration['ParameterOverrides'])), {
      ImageId: '#{Packet.OLD_IMAGE}',
      Version: '#{Packet.OLD_VERSION}',
      Commit: '#{Packet.OLD_COMMIT}',
    })
    assert.equal(execute.Configuration['ChangeSetName'], set.Configuration['ChangeSetName'])
    assert.deepEqual(variables(smoke), { ENV: 'production', TAKEN_BACK: 'yes', IMAGE_ID: '#{Packet.OLD_IMAGE}' })
    const asked = (await stage('Production')).Actions.find(({ Name }) => Name === 'Smoke')!
    assert.equal(asked.Namespace, 'Smoke')
    assert.equal(variables(asked)['ROLL_BACK_ON_SMOKE'], '${RollBackOnSmoke}')
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

  it('deletes no stack of production, and changes it by change sets named for their execution (B22)', async () => {
    const production = (await stages())
      .flatMap(({ Actions }) => Actions)
      .filter(
        (action) => action.ActionTypeId.Provider === 'CloudFormation' && !/integration|staging/i.test(stackOf(action)),
      )
    assert.deepEqual(
      production.map(({ Configuration }) => [Configuration['ActionMode'], Configuration['ChangeSetName']]),
      [
        ['CHANGE_SET_REPLACE', 'plan-#{codepipeline.PipelineExecutionId}'],
        ['CHANGE_SET_REPLACE', 'pipeline-#{codepipeline.PipelineExecutionId}'],
        ['CHANGE_SET_EXECUTE', 'pipeline-#{codepipeline.PipelineExecutionId}'],
      ],
    )
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
