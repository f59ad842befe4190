import { app } from '../../core/layers/app.ts'
import { certain, uncertain } from '../../core/image/launch.ts'
import { revokedFault } from '../../core/revocation/errors.ts'
import { revocationOf } from '../../core/revocation/revocation.ts'
import type { AppStatus } from '../../core/riglet/status.ts'
import type { StackState } from '../../core/stack/state.ts'
import type { GroupLook } from '../image/look-at-groups.ts'
import type { Looked } from '../image/look-at-images.ts'
import type { RollbackLook } from '../../core/rollback/record.ts'

/** Which image an app stack runs, since which commit, how its group does, whether it could replace an
 * instance, and whether a person took it back. */
export function describeApp(
  stack: StackState,
  { facts, image, hindrances }: GroupLook,
  { factsOf }: Looked,
  { rollback, unchecked }: RollbackLook = {},
): AppStatus {
  const { image: id = '', url = '' } = app.facts(stack)
  // What its instances are launched from, which somebody may have changed beside the stack.
  const running = image ?? id
  const revocation = revocationOf(factsOf(running)?.tags ?? {})
  // An image that is gone tells nothing any more; what it was, its stack remembers.
  const told = (name: 'Version' | 'Commit'): string =>
    factsOf(id)?.tags[name] ?? stack.parameters[name]?.replace(/^unknown$/, '') ?? ''
  return {
    stack: stack.name,
    status: stack.status,
    image: { id, version: told('Version'), commit: told('Commit') },
    url,
    instances: facts?.instances.length ?? 0,
    healthy: facts?.instances.filter(({ healthy, lifecycle }) => healthy && lifecycle === 'InService').length ?? 0,
    desired: facts?.desired ?? 0,
    ...(revocation === undefined ? {} : { revoked: revokedFault(running, revocation) }),
    cannotReplace: certain(hindrances),
    ...(rollback === undefined ? {} : { rolledBack: rollback }),
    unchecked: [...uncertain(hindrances), ...(unchecked === undefined ? [] : [unchecked])],
  }
}
