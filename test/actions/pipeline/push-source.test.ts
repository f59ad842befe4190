import assert from 'node:assert/strict'
import { pushSource } from '../../../scripts/actions/pipeline/push-source.ts'
import { interrupted } from '../../../scripts/core/catalogue/settings.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { Ports } from '../../../scripts/core/ports.ts'
import { fakeBuckets } from '../../fakes/image-ports.ts'
import { execution, fakePipelines } from '../../fakes/pipelines.ts'
import { fakePorts, fakeRegion } from '../../fakes/regional.ts'
import { settings } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

/** A riglet with a pipeline, and a checkout with nothing but commits. */
function world() {
  const outputs = { SourceBucket: 'source', ArtifactBucket: 'artifacts' }
  const stacks = fakeStacks({ states: [stackState('acme-shop-artifacts', 'CREATE_COMPLETE', { outputs })] })
  const terminal = answering()
  const pipelines = fakePipelines({ name: 'p', stages: [] })
  const ports = {
    ...fakePorts(terminal, fakeRegion({ stacks, pipelines })),
    buckets: fakeBuckets(),
    git: {
      head: () => Promise.resolve({ id: '9f3c2e1a', message: 'Ship it', author: 'a', time: 't' }),
      changed: () => Promise.resolve([]),
      archive: () => Promise.resolve(),
    },
    processes: { run: () => Promise.resolve({ code: 0, stdout: '', stderr: '' }) },
  } as Ports
  return { ports, terminal, pipelines }
}

describe('pushing', () => {
  it('names the execution that began with what was pushed', async () => {
    const { ports, terminal, pipelines } = world()
    pipelines.history = [execution('e2', { revisionId: '1' }), execution('e1', { revisionId: '0' })]
    await pushSource(settings, ports)
    assert.deepEqual(terminal.said, [
      'Pushed 9f3c2e1 "Ship it".',
      'Execution e2 has begun; `make watch-pipeline` follows it.',
    ])
  })

  it('says at Ctrl-C that the push stands, and how to go on', async () => {
    const { ports } = world()
    const stopped = { ...ports, clock: { ...ports.clock, sleep: () => Promise.reject(interrupted()) } }
    await assert.rejects(pushSource(settings, stopped), (error: RigletError) => {
      assert.equal(error.exitCode, 130)
      assert.match(error.message, /9f3c2e1 is pushed, and the pipeline acme-shop-pipeline-shop-main begins/)
      assert.match(error.remedy, /make watch-pipeline/)
      return true
    })
  })
})
