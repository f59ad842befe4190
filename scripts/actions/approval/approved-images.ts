import { ofLayer } from '../../core/layers/layers.ts'
import { pipeline } from '../../core/layers/pipeline.ts'
import { environments, stackName, type Environment, type Riglet } from '../../core/names.ts'
import type { Ports } from '../../core/ports.ts'
import type { StackState } from '../../core/stack/state.ts'
import { orWhy } from '../../engine/or-why.ts'

export type Approved = {
  /** App stack -> its environment, and the image that the last execution put there with success. */
  readonly images: ReadonlyMap<string, { readonly environment: Environment; readonly image: string }>
  /** Pipelines whose history could not be read -> why. */
  readonly refused: ReadonlyMap<string, string>
}

const remembered = 25

/**
 * Reads each pipeline's history: the newest execution whose stage of an environment succeeded, and the image that its
 * Bake told. A production stage succeeds only after its approval.
 */
export async function approvedImages(riglet: Riglet, stacks: readonly StackState[], ports: Ports): Promise<Approved> {
  const images = new Map<string, { readonly environment: Environment; readonly image: string }>()
  const refused = new Map<string, string>()
  const read = async (stack: StackState): Promise<void> => {
    const { source } = pipeline.facts(stack)
    const wanted = new Set(environments)
    for (const { id } of await ports.pipelines.executions(stack.name, remembered)) {
      if (wanted.size === 0) return
      const runs = await ports.pipelines.runs(stack.name, id)
      const image = runs.find(({ action }) => action === 'Bake')?.variables['IMAGE_ID']
      for (const environment of [...wanted]) {
        const own = runs.filter(({ stage }) => stage.toLowerCase() === environment)
        const last = own.find(({ action }) => action === 'Smoke')
        // Where a failed Smoke takes production back, its action succeeds and tells by a variable that it failed.
        if (image === undefined || last?.status !== 'Succeeded' || last.variables['SMOKE'] === 'failed') continue
        images.set(stackName.app(riglet, environment, source), { environment, image })
        wanted.delete(environment)
      }
    }
  }
  await Promise.all(
    ofLayer('pipeline', stacks).map(async (stack) => {
      const asked = await orWhy(read(stack))
      if (asked.type === 'refused') refused.set(stack.name, asked.why)
    }),
  )
  return { images, refused }
}
