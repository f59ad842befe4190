import type { ImageFacts } from './image-facts.ts'
import type { StackState } from './stack/state.ts'

/** What a riglet has in one region. */
export type Inventory = {
  readonly region: string
  readonly stacks: readonly StackState[]
  readonly images: readonly ImageFacts[]
  readonly snapshots: readonly string[]
  readonly instances: readonly string[]
  readonly buckets: readonly string[]
  readonly parameters: readonly string[]
}

export const isEmpty = ({ region: _, ...lists }: Inventory): boolean =>
  Object.values(lists).every(({ length }) => length === 0)

/** An earlier version's pipeline has no parameter that names its jobs: it holds them itself. */
export const isPipeline = ({ parameters, outputs }: StackState): boolean =>
  'Jobs' in parameters || 'PipelineName' in outputs

/** Whether a stack's builds run in an environment's network: a pipeline's jobs. */
export const hasBuilds = ({ parameters }: StackState): boolean => 'BuildFoundation' in parameters

/**
 * The order in which stacks can go: pipelines first, for they would deploy again, and then their jobs; after that wave by
 * wave apps, and what these stand on; the artifacts last, because their role is what deletes the apps, and their key what
 * the images are locked with.
 */
export function deletionWaves(stacks: readonly StackState[]): {
  readonly delivery: readonly (readonly StackState[])[]
  readonly before: readonly (readonly StackState[])[]
  readonly last: readonly StackState[]
} {
  const isApp = ({ parameters }: StackState): boolean => 'Foundation' in parameters
  const isLast = ({ outputs, name }: StackState): boolean => 'DeployRoleArn' in outputs || name.endsWith('-artifacts')
  const some = (wave: readonly StackState[]): boolean => wave.length > 0
  const pipelines = stacks.filter(isPipeline)
  const jobs = stacks.filter((stack) => hasBuilds(stack) && !isPipeline(stack))
  const delivery = [...pipelines, ...jobs]
  const apps = stacks.filter((stack) => isApp(stack) && !delivery.includes(stack))
  const last = stacks.filter((stack) => isLast(stack) && ![...delivery, ...apps].includes(stack))
  const others = stacks.filter((stack) => ![...delivery, ...apps, ...last].includes(stack))
  return { delivery: [pipelines, jobs].filter(some), before: [apps, others].filter(some), last }
}
