import assert from 'node:assert/strict'
import { detailsOf } from './support/authorization.ts'
import { statementsOf, where } from './support/statements.ts'
import { loadTemplate, type Tree } from './support/template.ts'

const ofType = async (type: string) =>
  Object.entries((await loadTemplate('schedule')).Resources).filter(([, { Type }]) => Type === type)

describe('the jobs by schedule', () => {
  it('have a role each, and of these only that of follow changes anything but its log and its metric', async () => {
    const projects = await ofType('AWS::CodeBuild::Project')
    const roles = projects.map(
      ([, { Properties }]) => (Properties!['ServiceRole'] as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0]!,
    )
    assert.equal(new Set(roles).size, 4)
    const writing: string[] = []
    for (const statement of statementsOf(await loadTemplate('schedule')))
      if (roles.includes(statement.role) && statement.role !== 'FollowRole')
        for (const action of statement.actions) {
          const level = (await detailsOf(action))?.accessLevel ?? 'Read'
          if (!/^(Read|List|Read, List|List, Read)$/.test(level) && !/^(logs|kms):/.test(action))
            writing.push(`${where(statement)} ${action}`)
        }
    assert.deepEqual(writing.sort(), [
      'CleanRole/Readers/ReachOtherAccounts sts:AssumeRole',
      'DriftRole/Readers/ReachOtherAccounts sts:AssumeRole',
      'StatusRole/Readers/ReachOtherAccounts sts:AssumeRole',
      'StatusRole/Status/TellAges cloudwatch:PutMetricData',
    ])
  })

  it('run control, and get the commit as a second source', async () => {
    for (const [id, { Properties = {} }] of await ofType('AWS::CodeBuild::Project')) {
      assert.match(JSON.stringify(Properties['Source']), /ControlKey/, id)
      const [second] = Properties['SecondarySources'] as readonly Tree[]
      assert.equal(second!['SourceIdentifier'], 'Source')
      assert.match(JSON.stringify(second), /SourceKey/)
    }
  })

  it('cannot reach apps of a pipeline: follow’s rights end at stacks and groups that follow', async () => {
    const statements = statementsOf(await loadTemplate('schedule')).filter(({ role }) => role === 'FollowRole')
    for (const sid of ['ChangeStacksOfGroups', 'ChangeGroups'])
      for (const { resources } of statements.filter((one) => where(one).endsWith(sid)))
        assert.ok(
          resources.every((arn) => arn.includes('acme-shop-*-group-*')),
          sid,
        )
  })

  it('are told when they fail, are stopped or run out of time', async () => {
    const rules = new Map(await ofType('AWS::Events::Rule'))
    const { detail } = rules.get('FailureRule')!.Properties!['EventPattern'] as { detail: Tree }
    assert.deepEqual(detail['build-status'], ['FAILED', 'FAULT', 'STOPPED', 'TIMED_OUT'])
    assert.equal((detail['project-name'] as readonly unknown[]).length, 4)
  })

  it('leave an alarm undecided on a day without a measurement (B14)', async () => {
    const alarms = (await ofType('AWS::CloudWatch::Alarm')).filter(([id]) => id.endsWith('AgeAlarm'))
    assert.deepEqual(
      alarms.map(([id, { Properties }]) => [id, Properties!['TreatMissingData']]),
      ['Integration', 'Staging', 'Production'].map((name) => [`${name}AgeAlarm`, 'missing']),
    )
  })
})
