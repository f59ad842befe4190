import assert from 'node:assert/strict'
import { loadTemplate } from './support/template.ts'
import { type Action, stages, added, stage, names, stackOf, variables } from './support/pipeline.ts'

describe('the pipeline', () => {
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
    assert.deepEqual(Conditions['HasRollBack'], {
      'Fn::And': [{ Condition: 'HasDeployments' }, { 'Fn::Equals': [{ Ref: 'RollBackOnSmoke' }, 'production'] }],
    })
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
})
