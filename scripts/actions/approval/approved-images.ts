import { environments, rigletName, type Riglet } from '../../core/names.ts'
import type { Ports } from '../../core/ports.ts'
import type { StackState } from '../../core/stack/state.ts'
import { orWhy } from '../or-why.ts'

export type Approved = {
  /** App stack -> the image that the last execution put there with success. */
  readonly images: ReadonlyMap<string, string>
  /** App stack -> when that had passed, in epoch milliseconds. */
  readonly passed: ReadonlyMap<string, number>
  /** Pipelines whose history could not be read -> why. */
  readonly refused: ReadonlyMap<string, string>
}

const remembered = 25

/**
 * Reads each pipeline's history: the newest execution whose stage of an environment succeeded, and the image that its
 * Bake told. A production stage succeeds only after its approval.
 */
export async function approvedImages(
  riglet: Riglet,
  stacks: readonly Pick<StackState, 'name'>[],
  ports: Ports,
): Promise<Approved> {
  const prefix = `${rigletName(riglet)}-pipeline-`
  const images = new Map<string, string>()
  const passed = new Map<string, number>()
  const refused = new Map<string, string>()
  const read = async (pipeline: string): Promise<void> => {
    const app = pipeline.slice(prefix.length)
    const wanted = new Set<string>(environments)
    for (const { id } of await ports.pipelines.executions(pipeline, remembered)) {
      if (wanted.size === 0) return
      const runs = await ports.pipelines.runs(pipeline, id)
      const image = runs.find(({ action }) => action === 'Bake')?.variables['IMAGE_ID']
      for (const environment of [...wanted]) {
        const own = runs.filter(({ stage }) => stage.toLowerCase() === environment)
        const last = own.find(({ action }) => action === 'Smoke')
        // Where a failed Smoke takes production back, its action succeeds and tells by a variable that it failed.
        if (image === undefined || last?.status !== 'Succeeded' || last.variables['SMOKE'] === 'failed') continue
        const stack = `${rigletName(riglet)}-${environment}-app-${app}`
        images.set(stack, image)
        passed.set(stack, last.updated)
        wanted.delete(environment)
      }
    }
  }
  await Promise.all(
    stacks
      .filter(({ name }) => name.startsWith(prefix))
      .map(async ({ name }) => {
        const asked = await orWhy(read(name))
        if (asked.type === 'refused') refused.set(name, asked.why)
      }),
  )
  return { images, passed, refused }
}
