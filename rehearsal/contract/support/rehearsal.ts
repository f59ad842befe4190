import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { ownName } from './own-name.ts'

const run = promisify(execFile)
const make = (target: string, name: string, ...words: readonly string[]) =>
  run('make', ['-s', '-C', resolve(import.meta.dirname, '../..'), target, `REHEARSAL=${name}`, ...words])

export type JournalEntry = {
  readonly number: number
  readonly principal: string
  readonly service: string
  readonly operation: string
  readonly status: number
  readonly error: string
  readonly fault: string
  readonly region: string
  /** What a caller must be allowed to do, as IAM calls it. */
  readonly actions: readonly string[]
  /** ARNs of what was asked for. */
  readonly resources: readonly string[]
}

export type Fault = {
  readonly kind: 'throttle' | 'latency' | 'lost-reply' | 'crash' | 'error' | 'failure'
  readonly service?: string
  readonly operation?: string
  readonly principal?: string
  readonly region?: string
  readonly every?: number
  readonly skip?: number
  readonly times?: number
  readonly seconds?: number
  /** What an error says. */
  readonly code?: string
  readonly message?: string
}

/** A rehearsal of the journey's own, on a free port. */
export type Rehearsal = {
  /** As this machine has it: with this checkout's mark. */
  readonly name: string
  readonly env: Readonly<Record<string, string>>
  readonly endpoint: string
  readonly fault: (fault: Fault) => Promise<void>
  readonly calm: () => Promise<void>
  /** Has it answer for AWS as its pages may be read, too. */
  readonly read: (readings: Readonly<Record<string, boolean>>) => Promise<void>
  /** Moves the clock of what happens at dates to a later time, and waits until all that became due was called. */
  readonly moveClock: (to: Date) => Promise<void>
  readonly journal: (since?: number) => Promise<readonly JournalEntry[]>
  readonly down: () => Promise<void>
}

/** Starts one of this checkout's own, after it ended what an earlier one of its name may have left. */
export async function startRehearsal(name: string): Promise<Rehearsal> {
  await make('down', ownName(name))
  return raiseRehearsal(name)
}

/** The same, without ending what an earlier one may have left. */
export async function raiseRehearsal(plainName: string): Promise<Rehearsal> {
  const name = ownName(plainName)
  const { stdout } = await make('up', name, 'PORT=0')
  const env = Object.fromEntries([...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, key, value]) => [key!, value!]))
  return openRehearsal(name, env)
}

/** One that is up already, by the variables that lead there. */
export function openRehearsal(name: string, env: Readonly<Record<string, string>>): Rehearsal {
  const endpoint = env['AWS_ENDPOINT_URL']!
  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const reply = await fetch(`${endpoint}${path}`, init)
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
    return reply.json()
  }
  return {
    name,
    env,
    endpoint,
    fault: async (fault) => void (await ask('/_rehearsal/faults', { method: 'POST', body: JSON.stringify(fault) })),
    calm: async () => void (await ask('/_rehearsal/faults', { method: 'DELETE' })),
    read: async (readings) =>
      void (await ask('/_rehearsal/readings', { method: 'POST', body: JSON.stringify(readings) })),
    moveClock: async (to) => void (await ask('/_rehearsal/clock', { method: 'POST', body: JSON.stringify({ to }) })),
    journal: async (since = 0) =>
      ((await ask(`/_rehearsal/journal?since=${since}`)) as { entries: JournalEntry[] }).entries,
    down: async () => void (await make('down', name)),
  }
}
