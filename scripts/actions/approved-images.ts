import { environments, rigletName, type Riglet } from '../core/names.ts'
import type { Ports } from '../core/ports.ts'
import type { StackState } from '../core/stack/state.ts'

/** App stack -> the image that the last execution put there with success. */
export type Approved = ReadonlyMap<string, string>

const remembered = 25

/**
 * Reads each pipeline's history: the newest execution whose stage of an environment succeeded, and the image that its
 * Bake told. A production stage succeeds only after its approval.
 */
export async function approvedImages(riglet: Riglet, stacks: readonly StackState[], ports: Ports): Promise<Approved> {
  const prefix = `${rigletName(riglet)}-pipeline-`
  const found = new Map<string, string>()
  await Promise.all(
    stacks
      .filter(({ name }) => name.startsWith(prefix))
      .map(async ({ name }) => {
        const app = name.slice(prefix.length)
        const wanted = new Set<string>(environments)
        for (const { id } of await ports.pipelines.executions(name, remembered)) {
          if (wanted.size === 0) break
          const runs = await ports.pipelines.runs(name, id)
          const image = runs.find(({ action }) => action === 'Bake')?.variables['IMAGE_ID']
          for (const environment of [...wanted]) {
            const own = runs.filter(({ stage }) => stage.toLowerCase() === environment)
            const last = own.find(({ action }) => action === 'Smoke')
            if (image === undefined || last?.status !== 'Succeeded') continue
            found.set(`${rigletName(riglet)}-${environment}-app-${app}`, image)
            wanted.delete(environment)
          }
        }
      }),
  )
  return found
}
