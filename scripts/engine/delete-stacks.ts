import { cli, stackFailed, stackProtected } from '../core/stack/errors.ts'
import type { Commands } from '../core/commands.ts'
import type { Ports } from '../core/ports/ports.ts'
import type { StackEnd } from '../core/stack/outcome.ts'
import { healthOf, type StackState } from '../core/stack/state.ts'
import { endLine } from '../view/progress.ts'
import { monitorStacks, type MonitoredStack } from './monitor-stacks.ts'

/**
 * Deletes independent stacks at once and monitors them. One that is being deleted already is monitored, too; one that
 * somebody is changing is waited for, since what is asked is that it be gone.
 * @throws RigletError STACK_PROTECTED before anything is deleted | STACK_FAILED
 */
export async function deleteStacks(
  states: readonly StackState[],
  {
    commands,
    title = ({ name }) => name,
  }: { readonly commands: Pick<Commands, 'status'>; readonly title?: (state: StackState) => string },
  ports: Pick<Ports, 'stacks' | 'terminal' | 'clock'>,
): Promise<readonly StackEnd[]> {
  await refuseProtected(states, ports)
  const busy = states.filter(({ status }) => healthOf(status) === 'busy' && status !== 'DELETE_IN_PROGRESS')
  if (busy.length > 0) {
    ports.terminal.say(`Waiting for what is under way: ${busy.map(({ name }) => name).join(', ')}`)
    await monitorStacks(
      busy.map((state) => ({
        title: title(state),
        stack: state.name,
        stackId: state.id,
        operation: state.status.startsWith('CREATE') || state.status.startsWith('ROLLBACK') ? 'create' : 'update',
        beginning: { type: 'latest' },
      })),
      ports,
      commands.status,
    )
  }
  const monitored: MonitoredStack[] = []
  for (const state of states)
    monitored.push({
      title: title(state),
      stack: state.name,
      stackId: state.id,
      operation: 'delete',
      beginning:
        state.status === 'DELETE_IN_PROGRESS'
          ? { type: 'latest' }
          : { type: 'token', token: await ports.stacks.remove(state.id) },
    })
  const ends = await monitorStacks(monitored, ports, commands.status)
  const titles = new Map(states.map((state) => [state.name, title(state)]))
  const failed = ends.filter((end) => end.type === 'failed')
  for (const end of ends) if (end.type === 'done') ports.terminal.say(endLine(titles.get(end.stack) ?? end.stack, end))
  if (failed.length > 0)
    throw stackFailed(
      failed.map((end) => endLine(titles.get(end.stack) ?? end.stack, end)).join('\n'),
      `Put the cause right and run the same command again.\nLook: ${commands.status}`,
    )
  return ends
}

/** @throws RigletError STACK_PROTECTED naming the command that lifts the protection */
export async function refuseProtected(states: readonly StackState[], { stacks }: Pick<Ports, 'stacks'>): Promise<void> {
  const first = states.find((state) => state.protected)
  if (first !== undefined) throw stackProtected(first.name, await stacks.awsCliCommand(cli.endProtection(first.name)))
}
