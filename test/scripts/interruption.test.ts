import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'
import { openDoor, type Door } from './support/cloudformation.ts'
import { exampleKeys, scriptEnvironment } from './support/environment.ts'

const root = resolve(import.meta.dirname, '../..')
const nothing = { stack: false, set: false }

/** A process with its output, and how it ended. */
function begin(command: readonly string[], endpoint: string, more: Readonly<Record<string, string>> = {}) {
  const child: ChildProcess = spawn(command[0]!, command.slice(1), {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: scriptEnvironment({
      ...exampleKeys,
      AWS_ENDPOINT_URL: endpoint,
      OWNER: 'acme',
      PROJECT: 'shop',
      REGION: 'us-east-1',
      ENV: 'staging',
      ...more,
    }),
  })
  let output = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = new Promise<{ code: number | null; output: string }>((tell) =>
    child.on('close', (code) => tell({ code, output })),
  )
  return { child, ended }
}
const script = (verb: string): string[] => [process.execPath, 'scripts/riglet.ts', 'environment', verb]

describe('a plan that is ended from outside', () => {
  let door: Door
  afterEach(() => door.close())

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    it(`leaves nothing behind while it is made, and says so by its exit code: ${signal}`, async () => {
      door = await openDoor({ making: true })
      const made = door.on('DescribeChangeSet')
      const { child, ended } = begin(script('create'), door.endpoint, { YES: '1' })
      await made
      child.kill(signal)
      const { code: told, output } = await ended
      assert.deepEqual([told, door.left()], [code, nothing], output)
      assert.ok(!door.asked.includes('ExecuteChangeSet'))
      assert.match(output, /Interrupted/)
      assert.doesNotMatch(output, /\n +at /)
    }).timeout(30_000)

  const asked: readonly [string, string, number][] = [
    ['Ctrl-C', '\u0003', 130],
    ['Ctrl-D', '\u0004', 130],
    ['a signal', 'SIGTERM', 143],
    ['a terminal that is closed', 'close', 129],
  ]
  for (const [title, what, code] of asked)
    it(`leaves nothing behind while it is asked about: ${title}`, async () => {
      door = await openDoor({ making: false })
      const terminal = [
        'rehearsal/.venv/bin/python',
        'test/scripts/support/terminal.py',
        'Create acme-shop staging?',
        what,
      ]
      const { output } = await begin([...terminal, ...script('create')], door.endpoint).ended
      assert.match(output, new RegExp(`exit code ${code}\\n$`), output)
      assert.ok(door.asked.includes('CreateChangeSet'))
      assert.deepEqual(door.left(), nothing, output)
      assert.ok(!door.asked.includes('ExecuteChangeSet'))
    }).timeout(30_000)

  it('leaves nothing behind when its reader has seen enough', async () => {
    door = await openDoor({ making: false })
    const { child, ended } = begin(script('plan'), door.endpoint)
    child.stdout!.destroy()
    const { code, output } = await ended
    assert.deepEqual([code, door.left()], [0, nothing], output)
    assert.ok(door.asked.includes('CreateChangeSet'))
    assert.doesNotMatch(output, /Interrupted|\n +at /)
  }).timeout(30_000)
})
