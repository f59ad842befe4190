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

const isApp = ({ parameters }: StackState): boolean => 'Foundation' in parameters

/** An earlier version's pipeline has no parameter that names its jobs: it holds them itself. Apps build on jobs, too. */
export const isPipeline = (state: StackState): boolean =>
  ('Jobs' in state.parameters && !isApp(state)) || 'PipelineName' in state.outputs

/** Whether a stack's builds run in an environment's network: a pipeline's jobs. */
export const hasBuilds = ({ parameters }: StackState): boolean => 'BuildFoundation' in parameters

/**
 * The order in which stacks can go: pipelines first, for they would deploy again; then wave by wave apps, the jobs that hold
 * their machines' roles, and what all of these stand on; the artifacts last, because their key is what the images are
 * locked with.
 */
export function deletionWaves(stacks: readonly StackState[]): {
  readonly pipelines: readonly StackState[]
  readonly jobs: readonly StackState[]
  readonly before: readonly (readonly StackState[])[]
  readonly last: readonly StackState[]
} {
  const isLast = ({ outputs, name }: StackState): boolean => 'DeployRoleArn' in outputs || name.endsWith('-artifacts')
  const pipelines = stacks.filter(isPipeline)
  const jobs = stacks.filter((stack) => hasBuilds(stack) && !isPipeline(stack))
  const apps = stacks.filter((stack) => isApp(stack) && ![...pipelines, ...jobs].includes(stack))
  const last = stacks.filter((stack) => isLast(stack) && ![...pipelines, ...jobs, ...apps].includes(stack))
  const others = stacks.filter((stack) => ![...pipelines, ...jobs, ...apps, ...last].includes(stack))
  return { pipelines, jobs, before: [apps, jobs, others].filter((wave) => wave.length > 0), last }
}
