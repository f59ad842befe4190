import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { endOf, makeProject, startBuild } from '../../rehearsal/contract/support/builds.ts'
import { allow, makeRole } from '../../rehearsal/contract/support/roles.ts'
import { stopBuilds } from '../../scripts/aws/pipeline/stop-builds.ts'
import { insideRehearsal } from './rehearsal.ts'

describe('builds of a project', function () {
  this.timeout(60_000)
  const ground = insideRehearsal()

  it('are stopped by our port in all that runs', async () => {
    const serviceRole = await makeRole(ground, 'builds', 'codebuild.amazonaws.com', [allow(['logs:*', 'codebuild:*'])])
    const buildspec = { phases: { build: { commands: ['sleep 86398'] } } }
    const name = await makeProject(ground, { name: 'endless', buildspec, serviceRole })
    const build = await startBuild(ground, name)
    assert.equal(await stopBuilds([name, 'nobody'], { region: 'us-east-1' }), 1)
    const ended = await endOf(ground, build)
    assert.equal(ended.buildStatus, 'STOPPED')
    assert.equal(await stopBuilds([name], { region: 'us-east-1' }), 0)
  })
})
