import { readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { run } from '../commands.ts'
import { tallyOf, type Tally } from './calls.ts'
import type { World } from './places.ts'

/** What a command took. */
export type Asked = {
  readonly seconds: number
  /** Bytes that its largest process held. */
  readonly peak: number
  readonly tally: Tally
  readonly out: string
}

const recorder = resolve(import.meta.dirname, 'peak-memory.ts')

/** As somebody types it in their checkout. */
export async function ask({ ground: { rehearsal }, user }: World, words: readonly string[]): Promise<Asked> {
  const file = join(user.folder, '.state', 'peak-memory')
  rmSync(file, { force: true })
  const env = { ...user.env, IMAGE: '', NODE_OPTIONS: `--import=${recorder}`, PEAK_MEMORY_FILE: file }
  const before = await requests(rehearsal.endpoint)
  const { seconds, out } = run(['make', '-s', ...words], { cwd: user.folder, env })
  const peak = Math.max(...readFileSync(file, 'utf8').trim().split('\n').map(Number))
  return { seconds, peak, out, tally: tallyOf(await rehearsal.journal(before)) }
}

/** How many were answered so far, which is the number of the last one. */
const requests = async (endpoint: string): Promise<number> => {
  const reply = await fetch(`${endpoint}/_rehearsal/status`)
  return ((await reply.json()) as { readonly requests: number }).requests
}
