import { commandsOf } from '../commands.ts'
import type { Source } from '../names.ts'
import { decide } from '../stack/decide.ts'
import type { StackState } from '../stack/state.ts'
import type { WantedStack } from '../stack/wanted.ts'

/** What there is of a stack that a riglet wants, to whoever makes only what is missing. */
export type Standing = { readonly stack: string } & (
  | { readonly type: 'missing' | 'as wanted' }
  /** It works, but is not what this checkout would make; the command shows the difference, and asks. */
  | { readonly type: 'different'; readonly command: string }
)

/** One that is still being made, or whose creation failed, is missing yet. */
export function standingsOf(wanted: readonly WantedStack[], found: readonly StackState[], source: Source): Standing[] {
  const stateOf = (name: string): StackState | undefined => found.find((state) => state.name === name)
  const pipeline = wanted.find(({ layer }) => layer === 'pipeline')
  const ofPipeline = commandsOf('pipeline', { REPO: source.repo, BRANCH: source.branch })
  const command = (environment: string | undefined): string => {
    if (environment !== undefined) return commandsOf('environment', { ENV: environment }).update
    return pipeline !== undefined && isReady(pipeline, stateOf(pipeline.name)) ? ofPipeline.update : ofPipeline.create
  }
  return wanted.map((stack): Standing => {
    const state = stateOf(stack.name)
    if (!isReady(stack, state)) return { stack: stack.name, type: 'missing' }
    return decide(stack, state).type === 'in sync'
      ? { stack: stack.name, type: 'as wanted' }
      : { stack: stack.name, type: 'different', command: command(stack.parameters['Environment']) }
  })
}

const isReady = (wanted: WantedStack, state: StackState | undefined): boolean => {
  const decision = decide(wanted, state)
  return decision.type === 'in sync' || (decision.type === 'plan' && decision.state !== undefined)
}
