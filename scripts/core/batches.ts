/** The same items in their order, no more than `most` together: many requests take only so many. */
export const batchesOf = <Item>(items: readonly Item[], most: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / most) }, (_, batch) => items.slice(batch * most, (batch + 1) * most))
