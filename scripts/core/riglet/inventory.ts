import type { ImageFacts } from '../image/image-facts.ts'
import type { StackState } from '../stack/state.ts'

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
