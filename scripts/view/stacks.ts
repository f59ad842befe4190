import { healthOf, type StackState } from '../core/stack/state.ts'
import type { LayerName } from '../core/names.ts'
import { table } from './text.ts'

const meanings: Readonly<Record<ReturnType<typeof healthOf>, string>> = {
  ready: 'ready',
  busy: 'something is under way',
  empty: 'does not exist yet: only a plan was made',
  createFailed: 'its creation failed; create it anew',
  needsRecovery: 'waits for a person',
  gone: 'deleted',
}

const meaningOf = (status: string): string =>
  status === 'UPDATE_ROLLBACK_COMPLETE' ? 'ready; the last update was rolled back' : meanings[healthOf(status)]

/** The minute is enough, in UTC as CloudFormation tells it. */
const minute = (date: Date): string => date.toISOString().slice(0, 16).replace('T', ' ')

export function renderStates(names: readonly string[], states: readonly (StackState | undefined)[]): string {
  const rows = names.map((name, index) => {
    const state = states[index]
    return state === undefined
      ? [name, 'none', '', 'does not exist']
      : [name, state.status, minute(state.updated ?? state.created), meaningOf(state.status)]
  })
  return table([['Stack', 'Status', 'Since (UTC)', 'Meaning'], ...rows]).join('\n')
}

export const stateData = (name: string, state: StackState | undefined): Record<string, unknown> =>
  state === undefined
    ? { stack: name, status: null, health: 'none' }
    : {
        stack: name,
        status: state.status,
        health: healthOf(state.status),
        reason: state.statusReason ?? null,
        since: (state.updated ?? state.created).toISOString(),
        parameters: state.parameters,
        protected: state.protected,
      }

export function renderOutputs(states: readonly StackState[]): string {
  return states
    .map((state) =>
      [state.name, ...table(Object.entries(state.outputs).map(([key, value]) => [`  ${key}`, value]))].join('\n'),
    )
    .join('\n')
}

type Listed = { readonly state: StackState; readonly layer: LayerName | undefined }

export const renderStackList = (stacks: readonly Listed[]): string =>
  table([
    ['Stack', 'Layer', 'Status', 'Protected'],
    ...stacks.map(({ state, layer }) => [state.name, layer ?? 'unknown', state.status, state.protected ? 'yes' : 'no']),
  ]).join('\n')

export const stackListData = ({ state, layer }: Listed): Record<string, unknown> => ({
  ...stateData(state.name, state),
  layer: layer ?? null,
})
