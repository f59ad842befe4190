import { stackInUse } from '../../core/catalogue/stacks.ts'
import { exitCodes } from '../../core/errors.ts'
import type { Ports } from '../../core/ports.ts'
import type { StackState } from '../../core/stack/state.ts'
import type { Target } from '../../core/target.ts'
import { renderDeletion } from '../../view/deletion.ts'
import { deleteStacks } from './delete-stacks.ts'

/** Waves of stacks: each is gone before the next one goes. `users` stand on what is to go, and are not part of it. */
export type Deletion = {
  readonly waves: readonly (readonly StackState[])[]
  readonly users?: readonly StackState[]
  readonly usersCommand?: string
  /** Done when the first wave is gone, before the next one goes. */
  readonly between?: () => Promise<void>
  /** What it means for what stays. */
  readonly notes?: readonly string[]
}

/** Shows, asks and deletes. @throws RigletError STACK_NEEDED | STACK_PROTECTED | STACK_FAILED | NOT_CONFIRMED */
export async function deleteTarget(
  target: Target,
  { waves, users = [], usersCommand = '', between, notes = [] }: Deletion,
  ports: Pick<Ports, 'stacks' | 'terminal' | 'clock'>,
): Promise<number> {
  const { terminal } = ports
  const names = waves.flat().map(({ name }) => name)
  if (names.length === 0) {
    terminal.show(`${target.title}: there is nothing to delete`)
    return exitCodes.ok
  }
  if (users.length > 0)
    throw stackInUse(
      target.title,
      users.map(({ name }) => name),
      usersCommand,
    )
  terminal.show(renderDeletion(names, notes))
  if (!(await terminal.confirm(`Delete ${target.title}?`))) {
    terminal.show(`${target.title}: nothing was deleted`)
    return exitCodes.failed
  }
  for (const [index, wave] of waves.entries()) {
    if (index === 1) await between?.()
    if (wave.length > 0) await deleteStacks(wave, { commands: target.commands }, ports)
  }
  terminal.show(`${target.title}: deleted`)
  return exitCodes.ok
}
