import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { runDemo } from '../../demo/run-demo.ts'
import { demoFolder, demoSource } from '../../demo/source.ts'
import { RigletError } from '../../scripts/core/errors.ts'
import type { DemoReport } from '../../demo/report.ts'
import type { Tally, Traffic } from '../../demo/traffic.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { fakeFiles, fakePorts } from '../fakes/regional.ts'
import { answering } from '../fakes/terminal.ts'

const report = `${demoFolder}/report.json`
const replies: Readonly<Record<string, string>> = {
  'aws-up': 'export AWS_ENDPOINT_URL=http://127.0.0.1:1\nexport AWS_REGION=us-east-1\n',
  'show-approval': JSON.stringify({ digest: 'a'.repeat(64), packet: { decisive: { newImage: { id: 'ami-2' } } } }),
  'outputs-app': JSON.stringify({ app: { ImageId: 'ami-1', Url: 'http://shop.example/' } }),
}
const good: Tally = { sent: 200, lost: [], versions: { '1.0.0': 90, '2.0.0': 110 }, image: 'ami-2' }

/** A machine on which every target ends well, but those that fail; the visitor saw what `tally` says. */
function world({ answers = [], tally = good, failing = '' }: { answers?: string[]; tally?: Tally; failing?: string }) {
  const terminal = answering(...answers)
  const files = fakeFiles({ [`${demoSource}/packer/web/web.pkrvars.hcl`]: 'version = "0"\n' })
  const made: string[] = []
  const visited: string[] = []
  let stopped = 0
  const ports = {
    ...fakePorts(terminal),
    files,
    processes: {
      run: (command: string, args: readonly string[]) => {
        const words = args.filter((word) => word !== '-s')
        if (command === 'make') made.push(words[0]!)
        const code = command === 'make' && words[0] === failing ? 1 : 0
        return Promise.resolve({ code, stdout: (command === 'make' && replies[words[0]!]) || '', stderr: 'no' })
      },
    },
  } as unknown as Ports
  const traffic: Traffic = {
    start: (url) => {
      visited.push(url)
      return Promise.resolve({ tally: () => tally, stop: () => Promise.resolve({ ...tally, sent: (stopped += 1) }) })
    },
  }
  return { demo: () => runDemo('demo', ports, traffic), terminal, files, made, visited, stopped: () => stopped }
}

const fails = async (work: Promise<void>): Promise<RigletError> => {
  try {
    await work
  } catch (error) {
    if (error instanceof RigletError) return error
    throw error
  }
  throw new Error('it did not fail')
}

describe('the demo', () => {
  it('ships twice, visits production during the second, and tells what the visitor saw', async () => {
    const { demo, made, files, visited, stopped, terminal } = world({})
    await demo()
    assert.equal(made.filter((target) => target === 'approve').length, 2)
    assert.deepEqual(made.slice(0, 3), ['aws-down', 'aws-up', 'create-riglet'])
    assert.deepEqual(made.slice(-2), ['status', 'drift'])
    assert.deepEqual(visited, ['http://shop.example/identity.json'])
    assert.equal(stopped(), 1)
    const { tally, desired } = JSON.parse(files.content.get(report)!) as DemoReport
    assert.deepEqual([tally, desired], [good, { version: '2.0.0', image: 'ami-2' }])
    assert.match(terminal.shown.join('\n'), /requests sent\s+200\n\s+requests lost\s+0\n/)
  })

  it('fails after its report when a request was lost', async () => {
    const tally = { ...good, lost: [{ at: 'then', why: 'connection refused' }] }
    const { demo, terminal } = world({ tally })
    const { code, exitCode, message } = await fails(demo())
    assert.deepEqual([code, exitCode], ['PIPELINE', 1])
    assert.match(message, /1 of 200 requests were lost, the first: connection refused/)
    assert.match(terminal.shown.join('\n'), /requests lost\s+1\n/)
  })

  it('sends the visitor home when the second version is declined, and claims nothing', async () => {
    const { demo, made, files, stopped } = world({ answers: ['yes', 'no'] })
    const { code } = await fails(demo())
    assert.equal(code, 'APPROVAL')
    assert.equal(stopped(), 1)
    assert.equal(made.at(-1), 'reject')
    assert.equal(files.content.has(report), false)
  })

  it('stops at the first target that fails, and leaves everything to be looked at', async () => {
    const { demo, made } = world({ failing: 'create-riglet' })
    const { message, remedy } = await fails(demo())
    assert.match(message, /^make create-riglet failed/)
    assert.match(remedy, /`make demo-down` removes it/)
    assert.equal(made.at(-1), 'create-riglet')
  })
})
