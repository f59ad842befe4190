import { stackInUse } from '../core/stack/errors.ts'
import { exitCodes } from '../core/errors.ts'
import type { Ports } from '../core/ports/ports.ts'
import type { StackState } from '../core/stack/state.ts'
import type { Subject } from '../core/subject.ts'
import { renderDeletion } from '../view/deletion.ts'
import { askByName } from './protect.ts'
import { deleteStacks, refuseProtected } from './delete-stacks.ts'
import { liftProtection } from './protect.ts'

/** Stacks that stand on what is to go, and are not part of it; and the command that deletes them. */
export type Users = { readonly states: readonly StackState[]; readonly command: string }

/** Waves of stacks: each is gone before the next one goes. */
export type Deletion = {
  readonly waves: readonly (readonly StackState[])[]
  readonly users?: Users
  /** Done when the first wave is gone, before the next one goes. */
  readonly between?: () => Promise<void>
  /** What it means for what stays. */
  readonly notes?: readonly string[]
  readonly byName?: ByName | undefined
}

/**
 * Its name is asked for, not a yes. `typed`: as it was typed beforehand. `lifts`: stacks whose protection the name lifts;
 * what else is protected, somebody else has protected.
 */
export type ByName = { readonly typed: string | undefined; readonly lifts: (state: StackState) => boolean }

/** @throws RigletError STACK_NEEDED */
export function refuseUsed(title: string, users: Users | undefined): void {
  if (users === undefined || users.states.length === 0) return
  throw stackInUse(
    title,
    users.states.map(({ name }) => name),
    users.command,
  )
}

/** Shows, asks and deletes. @throws RigletError STACK_NEEDED | STACK_PROTECTED | STACK_FAILED | NOT_CONFIRMED */
export async function deleteSubject(
  subject: Subject,
  { waves, users, between, notes = [], byName }: Deletion,
  ports: Pick<Ports, 'stacks' | 'terminal' | 'clock'>,
): Promise<number> {
  const { terminal } = ports
  const names = waves.flat().map(({ name }) => name)
  if (names.length === 0) {
    terminal.show(`${subject.title}: there is nothing to delete`)
    return exitCodes.ok
  }
  refuseUsed(subject.title, users)
  terminal.show(renderDeletion(names, notes))
  if (byName !== undefined) {
    await refuseProtected(
      waves.flat().filter((state) => !byName.lifts(state)),
      ports,
    )
    await askByName(subject.stacks[0]!, 'delete', byName.typed, ports)
  } else if (!(await terminal.confirm(`Delete ${subject.title}?`))) {
    terminal.show(`${subject.title}: nothing was deleted`)
    return exitCodes.failed
  }
  for (const [index, wave] of waves.entries()) {
    if (index === 1) await between?.()
    const free = byName === undefined ? wave : await liftProtection(wave, ports)
    if (free.length > 0) await deleteStacks(free, { commands: subject.commands }, ports)
  }
  terminal.show(`${subject.title}: deleted`)
  return exitCodes.ok
}
