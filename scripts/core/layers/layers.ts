import { isEnvironment, isLayerName, layerTag, type Environment, type LayerName } from '../names.ts'
import type { StackState } from '../stack/state.ts'
import { app } from './app.ts'
import { artifacts } from './artifacts.ts'
import { foundation } from './foundation.ts'
import { group } from './group.ts'
import { jobs } from './jobs.ts'
import type { Layer } from './layer.ts'
import { pipeline } from './pipeline.ts'
import { publication } from './publication.ts'
import { recognise } from './recognise.ts'
import { schedule } from './schedule.ts'

/** Every kind of stack that there is. */
export const layers = {
  foundation,
  artifacts,
  jobs,
  pipeline,
  publication,
  app,
  group,
  schedule,
} as const satisfies Readonly<Record<LayerName, Layer>>

type Tells = Pick<StackState, 'tags' | 'parameters' | 'name'> & Partial<Pick<StackState, 'outputs'>>

/** What a stack is, or is to be: its tag says it. Undefined: none of ours, or of a later version. */
export function layerOf(state: Tells): LayerName | undefined {
  const said = state.tags[layerTag]
  return said === undefined ? recognise(state) : isLayerName(said) ? said : undefined
}

/** Stacks of one layer. */
export const ofLayer = <State extends StackState>(layer: LayerName, states: readonly State[]): State[] =>
  states.filter((state) => layerOf(state) === layer)

/** Which environment a stack is in; undefined: in none, such as a pipeline. */
export function environmentIn({ tags, parameters }: Pick<StackState, 'tags' | 'parameters'>): Environment | undefined {
  const said = tags['Environment'] ?? parameters['Environment']
  return isEnvironment(said) ? said : undefined
}

export const inEnvironment = <State extends StackState>(environment: Environment, states: readonly State[]): State[] =>
  states.filter((state) => environmentIn(state) === environment)

const parents = new Set(Object.values(layers).flatMap(({ standsOn }) => Object.keys(standsOn)))

/** Whether a stack stands on the one of that name: one of the parameters that name what it imports from says so. */
export const standsOn = ({ parameters }: Pick<StackState, 'parameters'>, name: string): boolean =>
  Object.entries(parameters).some(([parameter, value]) => parents.has(parameter) && value === name)

/** What is protected of a stack against replacement and deletion; nothing of most. */
export const heldBy = (state: StackState): readonly string[] => {
  const layer = layerOf(state)
  return layer === undefined ? [] : layers[layer].holdsState
}
