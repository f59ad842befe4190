import assert from 'node:assert/strict'
import { choose } from '../../../scripts/actions/distribution/choose.ts'
import { readDesired } from '../../../scripts/core/manifest/read-desired.ts'
import { type RigletError } from '../../../scripts/core/errors.ts'
import { actionRuns, execution, fakePipelines } from '../../fakes/pipelines.ts'
import { fakePorts, fakeRegion, imageFacts } from '../../fakes/regional.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'eu-central-1', IMAGE: 'web', REPO: 'web', BRANCH: 'main' }
const tags = { Owner: 'acme', Project: 'shop', Image: 'web', Inputs: 'f'.repeat(64), Version: '1' }
const desired = readDesired('images:\n  web:\n')

const world = (withPipeline = true) => {
  const pipelines = fakePipelines()
  pipelines.history.push(execution('e2', { started: 2 }), execution('e1', { started: 1 }))
  pipelines.actionRuns.push(
    ...actionRuns(
      { stage: 'Bake', action: 'Bake', execution: 'e1', variables: { IMAGE_ID: 'ami-1' } },
      { stage: 'Verify', action: 'Verify', execution: 'e1' },
      { stage: 'Bake', action: 'Bake', execution: 'e2', variables: { IMAGE_ID: 'ami-2' } },
      { stage: 'Verify', action: 'Verify', execution: 'e2', status: 'Failed' },
    ),
  )
  const images = [
    imageFacts('ami-1', { tags, created: '2026-01-01' }),
    imageFacts('ami-2', { tags, created: '2026-01-02' }),
  ]
  const stacks = fakeStacks({ states: withPipeline ? [stackState('acme-shop-pipeline-web-main')] : [] })
  return fakePorts(answering(), fakeRegion({ images, pipelines, stacks }))
}

describe('which candidate is replicated and published', () => {
  it("is the newest that the branch's pipeline verified, and it is said how it was chosen", async () => {
    const { candidates, how } = await choose(settings, desired, world())
    assert.deepEqual(
      [candidates.map(({ id }) => id), how],
      [['ami-1'], 'the newest that acme-shop-pipeline-web-main verified'],
    )
  })

  it('is none where there is no pipeline: nobody verified it', () =>
    assert.rejects(choose(settings, desired, world(false)), (error: RigletError) => {
      assert.equal(error.code, 'PIPELINE')
      assert.match(error.remedy, /IMAGE_ID=ami-/)
      return true
    }))

  it('is none where an architecture has none', () =>
    assert.rejects(choose(settings, readDesired('images:\n  web: { architectures: [x86_64, arm64] }\n'), world()), {
      code: 'IMAGE',
      message:
        'There is no candidate of web for arm64 that acme-shop-pipeline-web-main verified, that is available and not revoked.',
    }))

  it('wants the pipeline named, or the candidate', () => {
    const { REPO: _, ...rest } = settings
    return assert.rejects(choose(rest, desired, world()), /REPO is missing/)
  })
})
