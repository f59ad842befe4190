import { ofLayer } from '../../core/layers/layers.ts'
import { pipeline } from '../../core/layers/pipeline.ts'
import { environments, stackName, type Environment, type Riglet, type Source } from '../../core/names.ts'
import { passedBy } from '../../core/pipeline/action-runs.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { StackState } from '../../core/stack/state.ts'
import { orWhy, type Answered } from '../../engine/of-many.ts'

export type ApprovedImage = {
  readonly environment: Environment
  readonly image: string
  readonly passed: number
}

/** App stack -> what the last execution put there with success, and when that had passed, in epoch milliseconds. */
type ByApp = ReadonlyMap<string, ApprovedImage>

export type Approved = {
  readonly images: ByApp
  /** Pipelines whose history could not be read -> why. */
  readonly refused: ReadonlyMap<string, string>
}

/** What the history of a source's pipeline says of its apps. */
export type HistoryOf = (source: Source) => Promise<Answered<ByApp>>

const remembered = 25

/** Each pipeline's history is read when it is asked for first, and once, however many ask. */
export function readHistories(riglet: Riglet, ports: Pick<Ports, 'pipelines'>): HistoryOf {
  const read = new Map<string, ReturnType<HistoryOf>>()
  return (source) => {
    const name = stackName.pipeline(riglet, source)
    const history = read.get(name) ?? orWhy(approvedFor(riglet, source, ports))
    read.set(name, history)
    return history
  }
}

/** What all pipelines among these stacks put into environments with success. */
export async function approvedImages(stacks: readonly StackState[], historyOf: HistoryOf): Promise<Approved> {
  const images = new Map<string, ApprovedImage>()
  const refused = new Map<string, string>()
  await Promise.all(
    ofLayer('pipeline', stacks).map(async (stack) => {
      const asked = await historyOf(pipeline.facts(stack).source)
      if (asked.type === 'refused') refused.set(stack.name, asked.why)
      else for (const [name, found] of asked.answer) images.set(name, found)
    }),
  )
  return { images, refused }
}

/**
 * The newest execution whose stage of an environment succeeded, and the image that its Bake told. A production stage
 * succeeds only after its approval.
 */
async function approvedFor(riglet: Riglet, source: Source, { pipelines }: Pick<Ports, 'pipelines'>): Promise<ByApp> {
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
