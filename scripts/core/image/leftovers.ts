import type { ImageFacts } from './image-facts.ts'

/** What a bake or verification makes for its own time, and leaves behind when it is killed. */
export type Leftovers = {
  readonly machines: readonly string[]
  readonly keys: readonly string[]
  readonly images: readonly ImageFacts[]
  readonly snapshots: readonly string[]
}

/**
 * The tag that a builder puts on an image and its snapshots last of all: what has it is finished. Until then both carry
 * the tags of their builder alone.
 */
export const finishedTag = 'Inputs'

export const halfMade = (images: readonly ImageFacts[]): ImageFacts[] =>
  images.filter(({ tags }) => tags['Builder'] !== undefined && tags[finishedTag] === undefined)

export const namesOf = ({ machines, keys, images, snapshots }: Leftovers): string[] => [
  ...machines,
  ...keys,
  ...images.map(({ id }) => id),
  ...snapshots,
]
