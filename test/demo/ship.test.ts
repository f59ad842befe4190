import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { ship } from '../../demo/ship.ts'
import { demoSource } from '../../demo/source.ts'
import type { Stage } from '../../demo/stage.ts'
import type { RigletError } from '../../scripts/core/errors.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { fakeFiles, fakePorts } from '../fakes/regional.ts'
import { answering } from '../fakes/terminal.ts'

const digest = '9f86d081884c7d659a2feaa0c55ad015'
const vars = `${demoSource}/packer/web/web.pkrvars.hcl`

/** The demo before its second push, and a person who answers so; without an answer there is no terminal. */
function world(...answers: readonly string[]) {
  const terminal = answering(...answers)
  const files = fakeFiles({ [vars]: 'version      = "1.0.0"\n' })
  const made: string[] = []
  const stage: Stage = {
    make: (...words) => Promise.resolve(`${made.push(words.join(' '))}`),
    ask: () => Promise.resolve(JSON.stringify({ digest, packet: { decisive: { newImage: { id: 'ami-2' } } } })),
    timed: (_title, work) => work(),
    seconds: {},
  }
  const processes = { run: () => Promise.resolve({ code: 0, stdout: '', stderr: '' }) }
  const ports = { ...fakePorts(terminal), files, processes } as Ports
  return { ports, stage, made, files, terminal }
}

const toApproval = ['push', 'watch-pipeline', 'show-approval']
const toProduction = [...toApproval, 'approve DIGEST=9f86d081884c7d65', 'watch-pipeline']

describe('shipping in the demo', () => {
  it('asks once, after the packet was shown, and approves what it showed at a yes', async () => {
    const { ports, stage, made, files, terminal } = world('yes')
    const asked: number[] = []
    const { confirm } = terminal
    Object.assign(terminal, {
      confirm: (question: string) => {
        asked.push(made.length)
        return confirm(question)
      },
    })
    assert.equal(await ship('2.0.0', stage, ports), 'ami-2')
    assert.deepEqual(made, toProduction)
    assert.deepEqual(asked, [toApproval.length])
    assert.deepEqual(terminal.asked, ['Approve 9f86d081884c7d65, version 2.0.0 for production?'])
    assert.equal(files.content.get(vars), 'version      = "2.0.0"\n')
  })

  it('rejects at a no, says that production stays, and fails', async () => {
    const { ports, stage, made } = world('no')
    await assert.rejects(ship('2.0.0', stage, ports), (error: RigletError) => {
      assert.deepEqual([error.code, error.exitCode], ['APPROVAL', 1])
      assert.match(error.message, /You rejected it, so production stays as it is/)
      assert.match(error.remedy, /make demo-down/)
      return true
    })
    assert.deepEqual(made, [...toApproval, 'reject REASON=declined in the demo'])
  })

  it('goes on by itself where there is nobody to ask', async () => {
    const { ports, stage, made, terminal } = world()
    assert.equal(await ship('2.0.0', stage, ports), 'ami-2')
    assert.deepEqual(terminal.asked, [])
    assert.deepEqual(made, toProduction)
  })
})
