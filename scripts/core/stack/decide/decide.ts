import { hasDigest, isSealed, saysNothingNew } from './kept-digest.ts'
import { keepEarlier } from './keep-earlier.ts'
import { isLookedUp } from '../template/resolved-anew.ts'
import { healthOf, type StackState } from '../state.ts'
import { hidden, type DesiredStack } from '../desired.ts'

/** What has to happen so that a stack becomes as desired. */
export type Decision =
  | { readonly type: 'in sync'; readonly state: StackState }
  /** `same`: as far as can be seen it is as desired, but CloudFormation looks values up, so only a change set tells. */
  | { readonly type: 'plan'; readonly state: StackState | undefined; readonly same?: true }
  /** The same change is under way, begun by an earlier run: monitor it. */
  | { readonly type: 'join'; readonly state: StackState }
  | { readonly type: 'busy'; readonly state: StackState }
  | { readonly type: 'createFailed'; readonly state: StackState }
  | { readonly type: 'needsRecovery'; readonly state: StackState }

/**
 * Reads the template only where the digest does not answer.
 * @throws RigletError TEMPLATE
 */
export async function decide(desired: DesiredStack, state: StackState | undefined): Promise<Decision> {
  if (state === undefined) return { type: 'plan', state }
  switch (healthOf(state.status)) {
    case 'gone':
    case 'empty':
      return { type: 'plan', state: undefined }
    case 'ready': {
      const sight = hasTags(desired, state) ? await look(desired, state) : 'different'
      if (sight === 'same') return { type: 'in sync', state }
      return sight === 'different' ? { type: 'plan', state } : { type: 'plan', state, same: true }
    }
    case 'busy':
      return /^(?:CREATE|UPDATE)_(?:COMPLETE_CLEANUP_)?IN_PROGRESS$/.test(state.status) &&
        (await look(desired, state)) !== 'different'
        ? { type: 'join', state }
        : { type: 'busy', state }
    case 'createFailed':
      return { type: 'createFailed', state }
    case 'needsRecovery':
      return { type: 'needsRecovery', state }
  }
}

async function look(desired: DesiredStack, state: StackState): Promise<'same' | 'different' | 'looked up'> {
  if (saysNothingNew(desired, state) && isSealed(desired, state)) return 'same'
  const { readTemplate } = await import('../template/read-template.ts')
  const { parameters, resolvesAnew } = readTemplate(desired.file, desired.template)
  const kept = keepEarlier(desired, state.parameters, parameters)
  // What was set by hand since the last update stays, so either digest tells that nothing else moved.
  if (!hasDigest(kept, state) && !hasDigest(desired, state)) return 'different'
  const defaultsOf = (name: string): readonly string[] => parameters.get(name)?.defaults ?? []
  if (!hasParameters(kept, state, defaultsOf)) return 'different'
  return resolvesAnew || Object.values(state.parameters).some(isLookedUp) ? 'looked up' : 'same'
}

/**
 * Whoever updates a stack in the console keeps the digest and changes another parameter: so each is compared, those
 * that are left to the template at its defaults.
 */
const hasParameters = (
  { parameters }: DesiredStack,
  state: StackState,
  defaultsOf: (name: string) => readonly string[],
): boolean =>
  Object.entries(state.parameters).every(([name, value]) => {
    const desired = parameters[name] === undefined ? defaultsOf(name) : [parameters[name]]
    return name === 'Digest' || desired.length === 0 || value === hidden || desired.includes(value)
  })

/** The stack's own; somebody else's tags beside them are no difference. */
const hasTags = ({ tags }: DesiredStack, state: StackState): boolean =>
  Object.entries(tags).every(([name, value]) => state.tags[name] === value)
