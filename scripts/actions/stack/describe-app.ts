import type { Ports } from '../../core/ports.ts'
import type { AppStatus } from '../../core/riglet/status.ts'
import type { StackState } from '../../core/stack/state.ts'

/** Which image an app stack runs, since which commit, and how its group does. */
export async function describeApp(stack: StackState, ports: Pick<Ports, 'images' | 'fleet'>): Promise<AppStatus> {
  const id = stack.parameters['ImageId'] ?? ''
  const group = stack.outputs['GroupName']
  const [[image], [facts]] = await Promise.all([
    id === '' ? [] : ports.images.describe([id]),
    group === undefined ? [] : ports.fleet.groups([group]),
  ])
  return {
    stack: stack.name,
    status: stack.status,
    image: { id, version: image?.tags['Version'] ?? '', commit: image?.tags['Commit'] ?? '' },
    url: stack.outputs['Url'] ?? '',
    instances: facts?.instances.length ?? 0,
    healthy: facts?.instances.filter(({ healthy, lifecycle }) => healthy && lifecycle === 'InService').length ?? 0,
    desired: facts?.desired ?? 0,
  }
}
