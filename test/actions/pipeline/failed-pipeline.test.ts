import assert from 'node:assert/strict'
import { retryPipeline } from '../../../scripts/actions/pipeline/retry-pipeline.ts'
import { watchPipeline } from '../../../scripts/actions/pipeline/watch-pipeline.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { actionRuns, execution } from '../../fakes/pipelines.ts'
import { fakeRegion, imageFacts } from '../../fakes/regional.ts'
import { settings, action, stage, pipeline, watching } from './support/watching.ts'

describe('watching a pipeline that failed', () => {
  it('ends with the cause of a failed build: phase, message and the end of its log', async () => {
    const build = 'acme-shop-pipeline-web-main-verify:01234567-89ab-cdef-0123-456789abcdef'
    const { pipelines, ports } = watching(pipeline(stage('Verify', 'Failed', action('Verify', 'Failed'))), {
      status: 'Failed',
    })
    pipelines.actionRuns.push(...actionRuns({ stage: 'Verify', action: 'Verify', status: 'Failed', external: build }))
    await assert.rejects(
      watchPipeline(settings, ports),
      /Verify Verify failed: BUILD: exit status 2\n {2}\| nginx is down/,
    )
  })

  it('names what failed in this execution, also when its stage has gone back already', async () => {
    const back = { ...stage('Integration', 'InProgress', action('Smoke', 'InProgress')), execution: 'roll-back' }
    const { terminal, pipelines, ports } = watching(pipeline(back), { status: 'Failed' })
    pipelines.actionRuns.push(
      ...actionRuns(
        { stage: 'Integration', action: 'Deploy', status: 'Failed', error: 'tried again since' },
        { stage: 'Integration', action: 'Deploy' },
        { stage: 'Integration', action: 'Smoke', status: 'Failed', error: 'it answers as another image' },
      ),
    )
    await assert.rejects(watchPipeline(settings, ports), /Integration Smoke failed: it answers as another image/)
    assert.match(terminal.said.at(-1)!, /Integration Smoke +FAILED: it answers as another image/)
  })

  it('names the way out where an alarm ended a roll-out', async () => {
    const error = 'Instance refresh failed. The CloudWatch alarm web-ErrorAlarm-1 is in the ALARM state.'
    const { pipelines, ports } = watching(pipeline(stage('Staging', 'Failed', action('Deploy', 'Failed'))), {
      status: 'Failed',
    })
    pipelines.actionRuns.push(...actionRuns({ stage: 'Staging', action: 'Deploy', status: 'Failed', error }))
    await assert.rejects(watchPipeline(settings, ports), ({ remedy }: RigletError) => {
      assert.match(remedy, /make update-app ENV=\.\.\. IMAGE=ami-\.\.\. ROLL_OUT_ALARMS=ignore$/)
      return true
    })
  })

  for (const [what, then, words] of [
    ['in the structure that the pipeline has now', 7, /goes back to its last good image by itself/],
    [
      'before the pipeline was changed',
      6,
      /cannot go back by itself.*\n.*make rollback-app ENV=staging REPO=web BRANCH=main/,
    ],
    ['never', undefined, /nothing to go back to/],
  ] as const)
    it(`tells where a stage goes back to that was passed ${what}`, async () => {
      const smoke = { stage: 'Staging', action: 'Smoke' }
      const { pipelines, ports } = watching(
        { ...pipeline(stage('Staging', 'Failed')), version: 7 },
        { status: 'Failed' },
      )
      pipelines.history.push(execution('e0', { status: 'Succeeded', type: 'ROLLBACK' }))
      if (then !== undefined) pipelines.history.push({ ...execution('e-1', { status: 'Succeeded' }), version: then })
      const of: Record<string, ReturnType<typeof actionRuns>> = {
        e1: actionRuns({ ...smoke, status: 'Failed', error: '503' }),
        e0: actionRuns(smoke),
        'e-1': actionRuns({ stage: 'Bake', action: 'Bake', variables: { IMAGE_ID: 'ami-1' } }, smoke),
      }
      const asked = { ...pipelines, runs: (_: string, id: string) => Promise.resolve(of[id]!) }
      await assert.rejects(watchPipeline(settings, { ...ports, pipelines: asked }), ({ remedy }: RigletError) =>
        words.test(remedy),
      )
    })
})

describe('retrying a pipeline', () => {
  const failing = (...actions: string[]) =>
    watching(pipeline(stage('Production', 'Failed', ...actions.map((name) => action(name, 'Failed')))), {
      status: 'Failed',
    })

  it('plans production anew, for its change set is used up (R46)', async () => {
    const { pipelines, ports } = failing('ChangeSet', 'Execute')
    await retryPipeline(settings, ports)
    assert.deepEqual(pipelines.retries, [{ stage: 'Production', mode: 'ALL_ACTIONS' }])
  })

  it('retries only what failed elsewhere', async () => {
    const { pipelines, ports } = failing('Verify')
    await retryPipeline(settings, ports)
    assert.deepEqual(pipelines.retries, [{ stage: 'Production', mode: 'FAILED_ACTIONS' }])
  })

  it('tries nothing again with an image that was revoked since, which a stage would deploy at once (B13)', async () => {
    const tags = { Revoked: '2026-02-01T08:00:00Z of ami-1 by arn:aws:iam::1:user/ann', RevokedReason: 'CVE-2026-1' }
    const { pipelines, ports } = failing('Deploy')
    pipelines.actionRuns.push(...actionRuns({ stage: 'Bake', action: 'Bake', variables: { IMAGE_ID: 'ami-1' } }))
    const { images } = fakeRegion({ images: [imageFacts('ami-1', { tags })] })
    await assert.rejects(
      retryPipeline(settings, { ...ports, images }),
      /^RigletError: ami-1 is revoked since 2026-02-01T08:00:00Z, by .*ann: CVE-2026-1/,
    )
    assert.deepEqual(pipelines.retries, [])
  })

  it('refuses when nothing failed', async () => {
    const { ports } = watching(pipeline(stage('Bake', 'Succeeded')), { status: 'Succeeded' })
    await assert.rejects(retryPipeline(settings, ports), /no stage of its last execution failed/)
  })
})
