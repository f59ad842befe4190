import assert from 'node:assert/strict'
import { readFile, readdir } from 'node:fs/promises'
import {
  BatchGetBuildsCommand,
  BatchGetReportsCommand,
  DescribeTestCasesCommand,
  StopBuildCommand,
  type Build,
} from '@aws-sdk/client-codebuild'
import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { before, describe, it } from 'mocha'
import { endOf, makeProject, startBuild } from './support/builds.ts'
import { onRehearsal, refusal, until } from './support/ground.ts'
import { allow, makeRole } from './support/roles.ts'

const junit =
  '<testsuite name="s" tests="2"><testcase classname="c" name="good" time="0.5"/>' +
  '<testcase classname="c" name="bad"><failure message="no">no</failure></testcase></testsuite>'

describe('CodeBuild, as AWS documents it', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const builds = () => ground.aws.codebuild
  let serviceRole = ''

  const project = (name: string, buildspec: object): Promise<string> =>
    makeProject(ground, { name, buildspec, serviceRole })
  const start = (name: string, variables: Readonly<Record<string, string>> = {}): Promise<string> =>
    startBuild(ground, name, variables)
  const ended = (id: string): Promise<Build> => endOf(ground, id)
  const log = async ({ logs }: Build): Promise<string> => {
    const where = { logGroupName: logs!.groupName!, logStreamName: logs!.streamName! }
    const { events = [] } = await ground.aws.logs.send(new GetLogEventsCommand({ ...where, startFromHead: true }))
    return events.map(({ message }) => message).join('')
  }
  const phases = ({ phases = [] }: Build): readonly string[] =>
    phases.map(({ phaseType, phaseStatus }) => `${phaseType} ${phaseStatus ?? ''}`.trim())

  before(async () => {
    serviceRole = await makeRole(ground, 'builds', 'codebuild.amazonaws.com', [
      allow(['logs:*', 'codebuild:*', 's3:*']),
    ])
  })

  // https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
  // https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.exported-variables
  it('goes through its phases, exports variables and logs to its group', async () => {
    const name = await project('good', {
      env: { 'exported-variables': ['MADE'] },
      phases: { build: { commands: ['echo "said $WORD"', 'export MADE="of $WORD"'] } },
    })
    const done = await ended(await start(name, { WORD: 'wood' }))
    assert.equal(done.buildStatus, 'SUCCEEDED')
    assert.deepEqual(phases(done), [
      'SUBMITTED SUCCEEDED',
      'QUEUED SUCCEEDED',
      'PROVISIONING SUCCEEDED',
      'DOWNLOAD_SOURCE SUCCEEDED',
      'INSTALL SUCCEEDED',
      'PRE_BUILD SUCCEEDED',
      'BUILD SUCCEEDED',
      'POST_BUILD SUCCEEDED',
      'UPLOAD_ARTIFACTS SUCCEEDED',
      'FINALIZING SUCCEEDED',
      'COMPLETED',
    ])
    assert.deepEqual(done.exportedEnvironmentVariables, [{ name: 'MADE', value: 'of wood' }])
    // https://docs.aws.amazon.com/codebuild/latest/userguide/change-project.html: the default group and stream.
    assert.deepEqual([done.logs?.groupName, done.logs?.streamName], ['/aws/codebuild/good', done.id?.split(':')[1]])
    assert.match(await log(done), /^said wood$/m)
  })

  // https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.phases
  it('runs finally and the post build after a failed build, but nothing after a failed pre build', async () => {
    const name = await project('bad', {
      phases: {
        pre_build: { commands: ['test "$WHERE" != before'], finally: ['echo tidy before'] },
        build: { commands: ['false'], finally: ['echo tidy build'] },
        post_build: { commands: ['echo after with $CODEBUILD_BUILD_SUCCEEDING'] },
      },
    })
    const [within, before] = await Promise.all([
      start(name, { WHERE: 'within' }).then(ended),
      start(name, { WHERE: 'before' }).then(ended),
    ])
    assert.equal(within.buildStatus, 'FAILED')
    const failed = within.phases!.find(({ phaseStatus }) => phaseStatus === 'FAILED')
    assert.equal(failed?.phaseType, 'BUILD')
    assert.deepEqual(failed.contexts, [
      {
        statusCode: 'COMMAND_EXECUTION_ERROR',
        message: 'Error while executing command: false. Reason: exit status 1',
      },
    ])
    assert.match(await log(within), /^tidy build$[^]*^after with 0$/m)
    assert.ok(phases(before).includes('PRE_BUILD FAILED'))
    assert.ok(!phases(before).some((phase) => /^(?:BUILD|POST_BUILD) /.test(phase)))
    assert.match(await log(before), /^tidy before$/m)
  })

  // https://docs.aws.amazon.com/codebuild/latest/userguide/test-report.html
  it('makes a report of what its tests wrote, also when they fail', async () => {
    const name = await project('tested', {
      phases: { build: { commands: [`mkdir reports && echo '${junit}' > reports/a.xml`] } },
      reports: { own: { files: ['reports/*.xml'], 'file-format': 'JUNITXML' } },
    })
    const done = await ended(await start(name))
    assert.equal(done.buildStatus, 'SUCCEEDED')
    const { reports: [report] = [] } = await builds().send(new BatchGetReportsCommand({ reportArns: done.reportArns! }))
    assert.equal(report?.status, 'FAILED')
    assert.equal(report.reportGroupArn, 'arn:aws:codebuild:us-east-1:123456789012:report-group/tested-own')
    assert.equal(report.executionId, done.arn)
    assert.equal(report.testSummary?.total, 2)
    const { testCases = [] } = await builds().send(new DescribeTestCasesCommand({ reportArn: report.arn! }))
    assert.deepEqual(testCases.map(({ name, status }) => [name, status]).sort(), [
      ['bad', 'FAILED'],
      ['good', 'SUCCEEDED'],
    ])
  })

  // https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StopBuild.html
  it('ends a build that is stopped, and every process that it started', async () => {
    const mark = `86399.${process.pid}`
    const name = await project('long', { phases: { build: { commands: [`sleep ${mark} & setsid sleep ${mark}`] } } })
    const id = await start(name)
    await until(
      () => sleepers(mark),
      (found) => found >= 2,
    )
    await builds().send(new StopBuildCommand({ id }))
    const done = await ended(id)
    assert.equal(done.buildStatus, 'STOPPED')
    assert.ok(phases(done).includes('BUILD STOPPED'), phases(done).join())
    assert.equal(await sleepers(mark), 0)
  })

  // https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html
  it('starts nothing of a project that is not there, and makes no project twice', async () => {
    const { code, message } = await refusal(start('nobody'))
    assert.equal(code, 'ResourceNotFoundException')
    assert.match(message, /Project cannot be found: arn:aws:codebuild:us-east-1:123456789012:project\/nobody/)
    assert.equal((await refusal(project('good', {}))).code, 'ResourceAlreadyExistsException')
    const { buildsNotFound } = await builds().send(new BatchGetBuildsCommand({ ids: ['good:none'] }))
    assert.deepEqual(buildsNotFound, ['good:none'])
  })
})

/** How many processes sleep for just that long. */
async function sleepers(mark: string): Promise<number> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(processes.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line === `sleep\0${mark}\0`).length
}
