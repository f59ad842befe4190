import assert from 'node:assert/strict'
import { BatchGetBuildsCommand, CreateProjectCommand, StartBuildCommand } from '@aws-sdk/client-codebuild'
import { describe, it } from 'mocha'
import { allow, makeRole } from '../../rehearsal/contract/support/roles.ts'
import { stopBuilds } from '../../scripts/aws/pipeline/stop-builds.ts'
import { insideRehearsal, until } from './rehearsal.ts'

describe('builds of a project', function () {
  this.timeout(60_000)
  const ground = insideRehearsal()

  it('are stopped by our port in all that runs', async () => {
    const { codebuild } = ground.aws
    const serviceRole = await makeRole(ground, 'builds', 'codebuild.amazonaws.com', [allow(['logs:*', 'codebuild:*'])])
    const buildspec = { version: 0.2, phases: { build: { commands: ['sleep 86398'] } } }
    const name = 'endless'
    await codebuild.send(
      new CreateProjectCommand({
        name,
        source: { type: 'NO_SOURCE', buildspec: JSON.stringify(buildspec) },
        artifacts: { type: 'NO_ARTIFACTS' },
        environment: {
          type: 'LINUX_CONTAINER',
          image: 'aws/codebuild/standard:7.0',
          computeType: 'BUILD_GENERAL1_SMALL',
        },
        serviceRole,
      }),
    )
    const { build } = await codebuild.send(new StartBuildCommand({ projectName: name }))
    assert.equal(await stopBuilds([name, 'nobody'], { region: 'us-east-1' }), 1)
    const ended = await until(
      async () => (await codebuild.send(new BatchGetBuildsCommand({ ids: [build!.id!] }))).builds![0]!,
      ({ buildComplete }) => buildComplete === true,
    )
    assert.equal(ended.buildStatus, 'STOPPED')
    assert.equal(await stopBuilds([name], { region: 'us-east-1' }), 0)
  })
})
