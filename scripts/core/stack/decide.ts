import { digestOf } from './digest.ts'
import { healthOf, type StackState } from './state.ts'
import type { WantedStack } from './wanted.ts'

/** What has to happen so that a stack becomes as wanted. */
export type Decision =
  | { readonly type: 'in sync'; readonly state: StackState }
  | { readonly type: 'plan'; readonly state: StackState | undefined }
  /** The same change is under way, begun by an earlier run: follow it. */
  | { readonly type: 'join'; readonly state: StackState }
  | { readonly type: 'busy'; readonly state: StackState }
  | { readonly type: 'stillborn'; readonly state: StackState }
  | { readonly type: 'stuck'; readonly state: StackState }

export function decide(wanted: WantedStack, state: StackState | undefined): Decision {
  if (state === undefined) return { type: 'plan', state }
  const same = state.parameters['Digest'] === digestOf(wanted)
  switch (healthOf(state.status)) {
    case 'gone':
    case 'empty':
      return { type: 'plan', state: undefined }
    case 'ready':
      return same ? { type: 'in sync', state } : { type: 'plan', state }
    case 'busy':
      return same && /^(?:CREATE|UPDATE)_(?:COMPLETE_CLEANUP_)?IN_PROGRESS$/.test(state.status)
        ? { type: 'join', state }
        : { type: 'busy', state }
    case 'stillborn':
      return { type: 'stillborn', state }
    case 'stuck':
      return { type: 'stuck', state }
  }
}
