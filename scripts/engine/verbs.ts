import { exitCodes } from '../core/errors.ts'
import type { Outcome } from '../core/stack/outcome.ts'
import type { DesiredStack } from '../core/stack/desired.ts'
import { commitTagOf, wantsJson, type Settings } from '../core/settings/settings.ts'
import type { Subject } from '../core/subject.ts'
import { convergeStacks, type StackPorts } from './converge-stacks.ts'

/** Creates or updates what a noun stands for, and says how it ended. Declined is not success: what builds on it must not go on. */
export async function changeSubject(
  purpose: 'create' | 'update',
  subject: Subject,
  desired: readonly DesiredStack[],
  settings: Settings,
  ports: StackPorts,
): Promise<number> {
  const outcome = await convergeStacks(
    desired,
    {
      purpose,
      question: `${purpose === 'create' ? 'Create' : 'Change'} ${subject.title}?`,
      commands: subject.commands,
      commitTag: commitTagOf(settings),
      json: wantsJson(settings),
    },
    ports,
  )
  return tellOutcome(outcome, purpose, subject, settings, ports)
}

/** The last line, or all of standard output as data; returns the exit code. */
export function tellOutcome(
  outcome: Outcome,
  purpose: 'create' | 'update',
  { title }: Subject,
  settings: Settings,
  { terminal }: Pick<StackPorts, 'terminal'>,
): number {
  terminal.show(wantsJson(settings) ? JSON.stringify(outcome) : `${title}: ${words(outcome, purpose)}`)
  return outcome.type === 'declined' ? exitCodes.failed : exitCodes.ok
}

function words(outcome: Outcome, purpose: 'create' | 'update'): string {
  switch (outcome.type) {
    case 'unchanged':
      return 'in sync, nothing to change'
    case 'declined':
      return outcome.ends === undefined ? 'nothing was changed' : 'nothing more was changed'
    case 'done':
      return purpose === 'create' ? 'created' : 'updated'
  }
}
