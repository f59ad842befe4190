import { monitoringInterrupted, waitTooLong } from '../core/stack/errors.ts'
import { isRigletError } from '../core/errors.ts'
import type { Beginning, Stacks } from '../core/ports/stacks.ts'
import type { Ports } from '../core/ports/ports.ts'
import { firstCause } from '../core/stack/first-cause.ts'
import type { StackEvent } from '../core/stack/events.ts'
import { endOf, type Operation, type StackEnd } from '../core/stack/outcome.ts'
import { advance, isDone, noProgress, type StackProgress } from '../core/stack/progress.ts'
import { isTerminal } from '../core/stack/state.ts'
import { eventLine, progressBlock } from '../view/progress.ts'

export type MonitoredStack = {
  readonly title: string
  readonly stack: string
  readonly stackId: string
  readonly operation: Operation
  readonly beginning: Beginning
  readonly total?: number | undefined
}

type Story = { readonly of: MonitoredStack; progress: StackProgress; events: StackEvent[]; end: StackEnd | undefined }

/** Of stacks only what is asked while they change: they may be in several accounts and regions. */
type MonitorPorts = Pick<Ports, 'terminal' | 'clock'> & { readonly stacks: Pick<Stacks, 'events' | 'find'> }

/** Milliseconds between polls: quick while something happens, slower while nothing does. */
const pauses = { least: 700, most: 5_000 }
/** Without an event for so long, the stack itself is asked whether it is done. */
const silence = 45_000
/** The longest operation of a resource, a group that rolls under its bake time among them, is shorter. */
const patienceMinutes = 120

/**
 * Monitors operations on several stacks until each has ended: one stream of polls for all, so that they share one rate.
 * @throws RigletError INTERRUPTED on Ctrl-C, WAIT_TOO_LONG
 */
export async function monitorStacks(
  stacks: readonly MonitoredStack[],
  ports: MonitorPorts,
  command: string,
): Promise<StackEnd[]> {
  const stories: Story[] = stacks.map((of) => ({ of, progress: noProgress, events: [], end: undefined }))
  const { terminal, clock } = ports
  let heard = clock.now().getTime()
  let pause = pauses.least
  try {
    for (;;) {
      let news = false
      for (const story of stories) if (story.end === undefined && (await read(story, ports))) news = true
      const now = clock.now()
      if (news) heard = now.getTime()
      else if (now.getTime() - heard > silence) for (const story of stories) await ask(story, ports)
      draw(stories, ports)
      if (stories.every(({ end }) => end !== undefined)) return stories.map(({ end }) => end!)
      if (now.getTime() - heard > patienceMinutes * 60_000)
        throw waitTooLong(unfinished(stories).join(', '), patienceMinutes, command)
      pause = news ? pauses.least : Math.min(pause * 1.4, pauses.most)
      await clock.sleep(pause)
    }
  } catch (error) {
    if (isRigletError(error, 'INTERRUPTED')) throw monitoringInterrupted(unfinished(stories), command)
    throw error
  } finally {
    terminal.settle()
  }
}

const unfinished = (stories: readonly Story[]): string[] =>
  stories.filter(({ end }) => end === undefined).map(({ of }) => of.stack)

/** Whether something new was told. */
async function read(story: Story, { stacks, terminal }: Omit<MonitorPorts, 'clock'>): Promise<boolean> {
  const { title, stack, stackId, operation, beginning } = story.of
  const events = await stacks.events(stackId, beginning, story.events.at(-1)?.id)
  if (events.length === 0) return false
  story.events.push(...events)
  story.progress = advance(story.progress, events, stackId)
  for (const event of events) {
    const line = eventLine(title, event, stackId)
    if (line !== undefined) terminal.say(line)
  }
  if (isDone(story.progress))
    story.end = endOf(stack, operation, story.progress.status!, firstCause(story.events, stackId))
  return true
}

/** Events may be late or gone: then the stack's own status decides. */
async function ask(story: Story, { stacks }: Pick<MonitorPorts, 'stacks'>): Promise<void> {
  const { stack, stackId, operation } = story.of
  if (story.end !== undefined) return
  const state = await stacks.find(stackId)
  const status = state?.status ?? (operation === 'delete' ? 'DELETE_COMPLETE' : 'DELETE_COMPLETE (by somebody else)')
  if (!isTerminal(status)) return
  story.end = endOf(stack, operation, status, firstCause(story.events, stackId) ?? state?.statusReason)
}

function draw(stories: readonly Story[], { terminal, clock }: Pick<Ports, 'terminal' | 'clock'>): void {
  const monitored = stories.map(({ of, progress }) => ({
    title: of.title,
    operation: of.operation,
    total: of.total,
    progress,
  }))
  terminal.progress(progressBlock(monitored, clock.now(), terminal.columns))
}
