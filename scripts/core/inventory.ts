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

/**
 * The order in which stacks can go: pipelines first, for they would deploy again; then wave by wave apps, and what these
 * stand on; the artifacts last, because their role is what deletes the apps, and their key what the images are locked with.
 */
export function deletionWaves(stacks: readonly StackState[]): {
  readonly pipelines: readonly StackState[]
  readonly before: readonly (readonly StackState[])[]
  readonly last: readonly StackState[]
} {
  const isPipeline = ({ parameters }: StackState): boolean => 'BuildFoundation' in parameters
  const isApp = ({ parameters }: StackState): boolean => 'Foundation' in parameters
  const isLast = ({ outputs, name }: StackState): boolean => 'DeployRoleArn' in outputs || name.endsWith('-artifacts')
  const pipelines = stacks.filter(isPipeline)
  const apps = stacks.filter((stack) => isApp(stack) && !isPipeline(stack))
  const last = stacks.filter((stack) => isLast(stack) && !isPipeline(stack) && !isApp(stack))
  const others = stacks.filter((stack) => ![...pipelines, ...apps, ...last].includes(stack))
  return { pipelines, before: [apps, others].filter((wave) => wave.length > 0), last }
}
