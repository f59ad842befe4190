import { commandsOf } from '../commands.ts'
import { environmentIn, layerOf } from '../layers/layers.ts'
import type { Environment, Source } from '../names.ts'
import { decide, type Decision } from '../stack/decide/decide.ts'
import type { StackState } from '../stack/state.ts'
import type { DesiredStack } from '../stack/desired.ts'

/** What there is of a stack that a riglet wants, to whoever makes only what is missing. */
export type Standing = { readonly stack: string } & (
  | { readonly type: 'missing' | 'as desired' }
  /** It works, but is not what this checkout would make, or nobody but CloudFormation can tell; the command shows it, and
   *  asks. */
  | { readonly type: 'different' | 'may differ'; readonly command: string }
)

/** One that is still being made, or whose creation failed, is missing yet. */
export async function standingsOf(
  desired: readonly DesiredStack[],
  found: readonly StackState[],
  source: Source,
): Promise<Standing[]> {
  const decisions = new Map<DesiredStack, Decision>()
  for (const stack of desired)
    decisions.set(
      stack,
      await decide(
        stack,
        found.find((state) => state.name === stack.name),
      ),
    )
  const pipeline = desired.find((stack) => layerOf(stack) === 'pipeline')
  const ofPipeline = commandsOf('pipeline', { REPO: source.repo, BRANCH: source.branch })
  const command = (environment: Environment | undefined): string => {
    if (environment !== undefined) return commandsOf('environment', { ENV: environment }).update
    return pipeline !== undefined && isReady(decisions.get(pipeline)) ? ofPipeline.update : ofPipeline.create
  }
  return desired.map((stack): Standing => {
    const decision = decisions.get(stack)
    if (!isReady(decision)) return { stack: stack.name, type: 'missing' }
    if (decision.type === 'in sync') return { stack: stack.name, type: 'as desired' }
    const type = decision.same ? 'may differ' : 'different'
    return { stack: stack.name, type, command: command(environmentIn(stack)) }
  })
}

type Ready = Extract<Decision, { type: 'in sync' | 'plan' }>

const isReady = (decision: Decision | undefined): decision is Ready =>
  decision?.type === 'in sync' || (decision?.type === 'plan' && decision.state !== undefined)
