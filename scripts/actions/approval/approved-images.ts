import { ofLayer } from '../../core/layers/layers.ts'
import { pipeline } from '../../core/layers/pipeline.ts'
import { environments, stackName, type Environment, type Riglet, type Source } from '../../core/names.ts'
import { passedBy } from '../../core/pipeline/action-runs.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { StackState } from '../../core/stack/state.ts'
import { orWhy } from '../../engine/or-why.ts'

export type ApprovedImage = {
  readonly environment: Environment
  readonly image: string
  readonly passed: number
}

export type Approved = {
  /** App stack -> what the last execution put there with success, and when that had passed, in epoch milliseconds. */
  readonly images: ReadonlyMap<string, ApprovedImage>
  /** Pipelines whose history could not be read -> why. */
  readonly refused: ReadonlyMap<string, string>
}

const remembered = 25

/**
 * Reads each pipeline's history: the newest execution whose stage of an environment succeeded, and the image that its
 * Bake told. A production stage succeeds only after its approval.
 */
export async function approvedImages(riglet: Riglet, stacks: readonly StackState[], ports: Ports): Promise<Approved> {
  const images = new Map<string, ApprovedImage>()
  const refused = new Map<string, string>()
  await Promise.all(
    ofLayer('pipeline', stacks).map(async (stack) => {
      const asked = await orWhy(approvedFor(riglet, pipeline.facts(stack).source, ports))
      if (asked.type === 'refused') refused.set(stack.name, asked.why)
      else for (const [name, found] of asked.answer) images.set(name, found)
    }),
  )
  return { images, refused }
}

/** The same of one source's pipeline. */
export async function approvedFor(
  riglet: Riglet,
  source: Source,
  { pipelines }: Pick<Ports, 'pipelines'>,
): Promise<Approved['images']> {
  const name = stackName.pipeline(riglet, source)
  const images = new Map<string, ApprovedImage>()
  const desired = new Set(environments)
  for (const { id } of await pipelines.executions(name, remembered)) {
    if (desired.size === 0) break
    const runs = await pipelines.runs(name, id)
    const image = runs.find(({ action }) => action === 'Bake')?.variables['IMAGE_ID']
    for (const environment of [...desired]) {
      const smoke = passedBy(environment, runs)
      if (image === undefined || smoke === undefined) continue
      images.set(stackName.app(riglet, environment, source), { environment, image, passed: smoke.updated })
      desired.delete(environment)
    }
  }
  return images
}
