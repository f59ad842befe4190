import { exitCodes } from '../../core/errors.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { endedByAlarm, type StackEnd } from '../../core/stack/outcome.ts'
import { notRecovered, wrongSkip } from '../../core/stack/recovery-errors.ts'
import { skipFaults, skipNames, type Case } from '../../core/stack/recovery.ts'
import type { StackState } from '../../core/stack/state.ts'
import type { Subject } from '../../core/subject.ts'
import { endLine } from '../../view/progress.ts'
import { emptied, renderCase } from '../../view/recovery.ts'
import { askByName } from '../../engine/protect.ts'
import { refuseProtected } from '../../engine/delete-stacks.ts'
import { deleteSubject, refuseUsed, type ByName, type Users } from '../../engine/delete-subject.ts'
import { monitorStacks, type MonitoredStack } from '../../engine/monitor-stacks.ts'
import { lookAtCase } from './look-at-case.ts'
import { liftProtection } from '../../engine/protect.ts'

export type Recovering = {
  /** As the subject names its stacks: each builds on those behind it. */
  readonly states: readonly (StackState | undefined)[]
  /** SKIP, as a person typed it. */
  readonly skip: string | undefined
  /** How what worked once is deleted, where a yes is not enough. */
  readonly byName?: ByName | undefined
  /** They stay where something would be deleted. */
  readonly users?: Users
  /** The command that compares what is there with what the stacks say. */
  readonly compare: string
  /** What a person does next, when it is mended, or gone. */
  readonly next: { readonly mended: string; readonly gone: string }
}

type RecoverPorts = Pick<Ports, 'stacks' | 'terminal' | 'clock' | 'buckets'>

/**
 * Gets stacks out of the states that CloudFormation leaves only for a person: shows what failed and what will be tried,
 * asks once, does it and monitors it. What never worked is cleared away. No resource is skipped or kept that was not named.
 * @throws RigletError USAGE | STACK_BROKEN | STACK_NEEDED | STACK_PROTECTED | STACK_FAILED | NOT_CONFIRMED
 */
export async function recoverSubject(subject: Subject, recovering: Recovering, ports: RecoverPorts): Promise<number> {
  const { title, commands } = subject
  const found = recovering.states.filter((state) => state !== undefined)
  const skip = skipNames(recovering.skip)
  const cases = (await Promise.all(found.map((state) => lookAtCase(state, skip, ports)))).filter(
    (one) => one !== undefined,
  )
  if (cases.length === 0) {
    ports.terminal.show(`${title}: nothing to recover, ${inWords(found)}`)
    return exitCodes.ok
  }
  const faults = skipFaults(skip, cases)
  if (faults.length > 0) throw wrongSkip(faults, commands.recover)
  const toRecover = cases.filter(({ remedy }) => remedy !== 'clear away')
  const code = toRecover.length === 0 ? exitCodes.ok : await recover(toRecover, subject, recovering, ports)
  const remains = cases.filter(({ remedy }) => remedy === 'clear away')
  return code !== exitCodes.ok || remains.length === 0 ? code : clearAway(remains, subject, ports)
}

const inWords = (states: readonly StackState[]): string =>
  states.length === 0
    ? 'there is no stack'
    : states.length === 1
      ? `its stack is ${states[0]!.status}`
      : `its stacks are ${states.map(({ status }) => status).join(', ')}`

/** What never worked takes no name to be typed, not even in production: nothing is lost with it. */
const clearAway = (remains: readonly Case[], subject: Subject, ports: RecoverPorts): Promise<number> =>
  deleteSubject(
    subject,
    {
      waves: remains.map(({ state }) => [state]),
      notes: remains.map(
        ({ state, cause }) =>
          `${remains.length === 1 ? 'It' : state.name} is ${state.status}: its first deployment failed, and nothing in it ` +
          `ever worked.${cause === undefined ? '' : ` First cause: ${cause}`}`,
      ),
    },
    ports,
  )

async function recover(
  toRecover: readonly Case[],
  subject: Subject,
  recovering: Recovering,
  ports: RecoverPorts,
): Promise<number> {
  const { terminal } = ports
  await refuseDeletion(toRecover, subject, recovering, ports)
  terminal.show(toRecover.map(renderCase).join('\n\n'))
  if (!(await agree(toRecover, subject, recovering, ports))) {
    terminal.show(`${subject.title}: nothing was changed`)
    return exitCodes.failed
  }
  const isDeletion = ({ remedy }: Case): boolean => remedy === 'delete again'
  // What others stand on is mended first, and goes last.
  for (const one of [...toRecover.filter((each) => !isDeletion(each)).reverse(), ...toRecover.filter(isDeletion)]) {
    const end = await finish(one, subject, recovering, ports)
    if (end.type === 'failed') throw await failure(one, end, subject, ports)
    terminal.say(endLine(one.state.name, end))
  }
  const skipped = toRecover.flatMap((one) => (isDeletion(one) ? [] : one.skipped.map(({ name }) => name)))
  if (skipped.length > 0)
    terminal.say(
      `Of ${skipped.join(', ')} the stack says what may not be so. Compare, then update: ${recovering.compare}`,
    )
  const gone = toRecover.every((one) => isDeletion(one) || one.state.status === 'DELETE_IN_PROGRESS')
  terminal.show(
    `${subject.title}: recovered${gone ? ', what could not be deleted is gone' : ', it is as it was before the update'}\n` +
      `Next: ${gone ? recovering.next.gone : recovering.next.mended}`,
  )
  return exitCodes.ok
}

const deleted = (toRecover: readonly Case[]): StackState[] =>
  toRecover.flatMap(({ remedy, state }) => (remedy === 'delete again' ? [state] : []))

async function refuseDeletion(
  toRecover: readonly Case[],
  { title }: Subject,
  { byName, users }: Recovering,
  ports: Pick<Ports, 'stacks'>,
): Promise<void> {
  const going = deleted(toRecover)
  if (going.length > 0) refuseUsed(title, users)
  await refuseProtected(
    going.filter((state) => byName?.lifts(state) !== true),
    ports,
  )
}

/** What is under way already asks for nothing. */
async function agree(
  toRecover: readonly Case[],
  { title }: Subject,
  { byName }: Recovering,
  { terminal }: Pick<Ports, 'terminal'>,
): Promise<boolean> {
  const [first] = deleted(toRecover)
  if (first !== undefined && byName !== undefined) {
    await askByName(first.name, 'delete', byName.typed, { terminal })
    return true
  }
  return toRecover.every(({ remedy }) => remedy === 'monitor') || terminal.confirm(`Recover ${title}?`)
}

async function finish(
  one: Case,
  { commands }: Subject,
  { byName }: Recovering,
  ports: RecoverPorts,
): Promise<StackEnd> {
  if (one.remedy === 'delete again') {
    if (byName !== undefined) await liftProtection([one.state], ports)
    for (const { physicalId } of emptied(one)) await ports.buckets.empty(physicalId)
  }
  const [end] = await monitorStacks([await begin(one, ports)], ports, commands.status)
  return end!
}

async function begin({ state, remedy, skipped }: Case, { stacks }: Pick<Ports, 'stacks'>): Promise<MonitoredStack> {
  const monitored = { title: state.name, stack: state.name, stackId: state.id }
  const names = skipped.map(({ name }) => name)
  switch (remedy) {
    case 'continue rollback': {
      const token = await stacks.continueRollback(state.id, names)
      return { ...monitored, operation: 'rollback', beginning: { type: 'rollback', token } }
    }
    case 'roll back': {
      const token = await stacks.rollBack(state.id)
      return { ...monitored, operation: 'rollback', beginning: { type: 'rollback', token } }
    }
    case 'delete again':
    case 'clear away': {
      const token = await stacks.remove(state.id, { retain: names })
      return { ...monitored, operation: 'delete', beginning: { type: 'token', token } }
    }
    case 'monitor': {
      const operation = state.status === 'DELETE_IN_PROGRESS' ? 'delete' : 'rollback'
      return { ...monitored, operation, beginning: { type: 'latest' } }
    }
  }
}

/** What is left to a person once it failed again: the cause, or what stands in the way by its name. */
async function failure(
  { state }: Case,
  end: Extract<StackEnd, { type: 'failed' }>,
  { commands }: Subject,
  ports: RecoverPorts,
) {
  const now = await ports.stacks.find(state.id)
  const left = now === undefined ? undefined : await lookAtCase(now, [], ports)
  const names = (left?.failed ?? []).map(({ name }) => name)
  const [verb, then] = end.operation === 'delete' ? ['keep', 'stays'] : ['skip', 'is left as it is']
  return notRecovered(
    [endLine(state.name, end)],
    [
      endedByAlarm(end.cause)
        ? `Wait until the alarm is OK, then: ${commands.recover}`
        : `Put right what it names, then: ${commands.recover}`,
      ...(names.length === 0
        ? []
        : [`Or ${verb} what you name, which then ${then}: ${commands.recover} SKIP=... (of ${names.join(', ')})`]),
    ],
  )
}
