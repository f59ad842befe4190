import { digestOf } from './digest.ts'
import { parameterDefaults } from './parameter-defaults.ts'
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
  const same = state.parameters['Digest'] === digestOf(wanted) && hasParameters(wanted, state)
  switch (healthOf(state.status)) {
    case 'gone':
    case 'empty':
      return { type: 'plan', state: undefined }
    case 'ready':
      return same && hasTags(wanted, state) ? { type: 'in sync', state } : { type: 'plan', state }
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

/** What DescribeStacks shows of a parameter with NoEcho.
 *  https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
const hidden = '****'

/**
 * Whoever updates a stack in the console keeps the digest and changes another parameter: so each is compared, those
 * that are left to the template at its defaults. An SSM parameter's value is its name; what it resolves to is not looked
 * at.
 */
function hasParameters({ parameters, template }: WantedStack, state: StackState): boolean {
  const defaults = parameterDefaults(template)
  return Object.entries(state.parameters).every(([name, value]) => {
    const wanted = parameters[name] ?? defaults.get(name)
    return name === 'Digest' || wanted === undefined || value === hidden || value === wanted
  })
}

/** The stack's own; somebody else's tags beside them are no difference. */
const hasTags = ({ tags }: WantedStack, state: StackState): boolean =>
  Object.entries(tags).every(([name, value]) => state.tags[name] === value)
