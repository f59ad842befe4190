import { after, before } from 'mocha'
import { clients } from './aws.ts'
import { startRehearsal, type Rehearsal } from './rehearsal.ts'

export { until } from './until.ts'

let shared: Promise<Rehearsal> | undefined

// This module is loaded outside of any suite, so the hook is the run's own: one rehearsal serves all suites.
after(async function () {
  this.timeout(60_000)
  await (await shared)?.down()
})

export type Ground = { rehearsal: Rehearsal; aws: ReturnType<typeof clients> }

/** One rehearsal for all contract tests of this process, fresh for each suite that asks for it. */
export function onRehearsal(): Ground {
  const ground = {} as Ground
  before(async function () {
    this.timeout(60_000)
    ground.rehearsal = await (shared ??= startRehearsal(process.env['REHEARSAL'] ?? 'contract'))
    ground.aws = clients(ground.rehearsal)
    const reply = await fetch(`${ground.rehearsal.endpoint}/moto-api/reset`, { method: 'POST' })
    if (!reply.ok) throw new Error(`reset: ${reply.status}`)
  })
  return ground
}

/** The code and message that a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await call
  } catch (error) {
    if (error instanceof Error) return { code: error.name, message: error.message }
    throw error
  }
  throw new Error('the call was not refused')
}
