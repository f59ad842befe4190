import { after, before } from 'mocha'
import { onRehearsal, type Ground } from '../../rehearsal/contract/support/ground.ts'

export { onRehearsal, refusal, until, type Ground } from '../../rehearsal/contract/support/ground.ts'

/** Our own ports find the rehearsal as they find AWS: by the environment, until the answer is called. */
export function enter({ rehearsal }: Ground): () => void {
  const saved = { ...process.env }
  Object.assign(process.env, rehearsal.env)
  return () => {
    for (const name of Object.keys(rehearsal.env)) delete process.env[name]
    Object.assign(process.env, saved)
  }
}

/** A rehearsal that our own ports find for as long as the suite runs. */
export function insideRehearsal(): Ground {
  const ground = onRehearsal()
  let leave: (() => void) | undefined
  before(() => {
    leave = enter(ground)
  })
  after(() => leave?.())
  return ground
}
