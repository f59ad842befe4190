import type { StackState } from '../stack/state.ts'
import type { LayerName } from '../names.ts'
import { layerOf, layers } from './layers.ts'

/** What must be there for as long as a stack of this layer is: what it stands on, and what it would make again. */
const needs = (layer: LayerName): readonly LayerName[] => {
  const {
    standsOn,
    makes = [],
  }: { readonly standsOn: Readonly<Record<string, LayerName>>; readonly makes?: readonly LayerName[] } = layers[layer]
  return [...Object.values(standsOn), ...makes]
}

/**
 * The order in which stacks can go, wave by wave: each once nothing is left that stands on it, or that would make it
 * again. Nothing of ours stands on a stack that is of no layer, which may stand on anything: it goes first.
 */
export function deletionWaves(stacks: readonly StackState[]): readonly (readonly StackState[])[] {
  const waves: StackState[][] = [stacks.filter((state) => layerOf(state) === undefined)]
  let left = Object.keys(layers) as LayerName[]
  while (left.length > 0) {
    const free = left.filter((layer) => !left.some((other) => needs(other).includes(layer)))
    waves.push(stacks.filter((state) => free.some((layer) => layerOf(state) === layer)))
    left = left.filter((layer) => !free.includes(layer))
  }
  return waves.filter((wave) => wave.length > 0)
}
