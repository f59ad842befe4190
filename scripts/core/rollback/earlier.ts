import type { Environment } from '../names.ts'
import { passedBy, type ActionRun } from '../pipeline/action-runs.ts'
import type { Execution } from '../pipeline/state.ts'
import type { Revocation } from '../revocation/revocation.ts'
import type { Hindrance } from '../image/launch.ts'
import { certain } from '../image/launch.ts'

/** An image that an execution put into an environment, where it passed its smoke test. Empty: not known. */
export type Earlier = {
  readonly image: string
  readonly version: string
  readonly commit: string
  /** When it had passed, in ISO's form. */
  readonly at: string
  readonly execution: string
  /** ARN of who approved it; of integration and staging nobody is asked. */
  readonly approvedBy: string
}

/** The images that ran in an environment, each once and the newest first, as executions and runs are handed in. */
export function earlierIn(
  environment: Environment,
  executions: readonly Execution[],
  runs: readonly ActionRun[],
): readonly Earlier[] {
  const found = new Map<string, Earlier>()
  for (const { id, type } of executions) {
    if (type !== 'STANDARD') continue
    const all = runs.filter(({ execution }) => execution === id)
    const own = all.filter(({ stage }) => stage.toLowerCase() === environment)
    const smoke = passedBy(environment, own)
    if (smoke === undefined) continue
    const told = (name: string): string =>
      ['Configure', 'Bake']
        .map((desired) => all.find(({ action }) => action === desired)?.variables[name])
        .find((value) => value !== undefined) ?? ''
    const image = told('IMAGE_ID')
    if (image === '' || found.has(image)) continue
    found.set(image, {
      image,
      version: told('VERSION'),
      commit: told('COMMIT'),
      at: new Date(smoke.updated).toISOString(),
      execution: id,
      approvedBy: own.find(({ approval, status }) => approval && status === 'Succeeded')?.by ?? '',
    })
  }
  return [...found.values()]
}

/** What is known of going back to one of them now. */
export type Candidate = Earlier & {
  readonly hindrances: readonly Hindrance[]
  /** It must not run again; a hindrance, too. */
  readonly revocation?: Revocation
}

/** Those that ran before what runs now; all of them where that never passed, as after a roll-out by hand. */
export const before = (candidates: readonly Candidate[], now: string): readonly Candidate[] =>
  candidates.slice(candidates.findIndex(({ image }) => image === now) + 1)

/** The last good one: the newest of these that instances can be launched from. */
export const lastGood = (candidates: readonly Candidate[], now: string): Candidate | undefined =>
  before(candidates, now).find(({ hindrances }) => certain(hindrances).length === 0)
