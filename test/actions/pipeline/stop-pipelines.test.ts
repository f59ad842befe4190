import assert from 'node:assert/strict'
import { stopPipelines } from '../../../scripts/actions/pipeline/stop-pipelines.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { fakeClock } from '../../fakes/image-ports.ts'
import { fakePipelines } from '../../fakes/pipelines.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

describe('stopping the builds of a pipeline', () => {
  const name = 'acme-shop-pipeline-shop-main'
  const project = { logicalId: 'Bake', physicalId: 'bake', type: 'AWS::CodeBuild::Project', status: 'CREATE_COMPLETE' }
  /** `builds`: how many still run, a look each, the last one for ever. */
  const world = (...builds: readonly number[]) => {
    const rest = [...builds]
    const pipelines = {
      ...fakePipelines(),
      stopBuilds: () => Promise.resolve(rest.length > 1 ? rest.shift()! : rest[0]!),
    }
    const stacks = fakeStacks({ states: [stackState(name)], resources: { [name]: [project] } })
    const ports = { pipelines, stacks, terminal: answering(), clock: fakeClock() }
    return { ports, stop: () => stopPipelines([stackState(name)], ports) }
  }

  it('says how many there are, once for each number', async () => {
    const { ports, stop } = world(2, 2, 2, 1, 1, 0)
    await stop()
    assert.deepEqual(ports.terminal.said, [`${name}: stopping 2 builds`, `${name}: stopping 1 build`])
  })

  it('gives up after ten minutes, and names the pipeline', async () => {
    const { ports, stop } = world(1)
    const began = ports.clock.now().getTime()
    await assert.rejects(stop(), ({ code, message, remedy }: RigletError) => {
      assert.equal(code, 'WAIT_TOO_LONG')
      assert.match(message, new RegExp(`^Stopping the builds of ${name} is not done after 10 minutes`))
      assert.match(remedy, /make status/)
      return true
    })
    assert.equal(ports.clock.now().getTime() - began, 10 * 60_000)
  })
})
