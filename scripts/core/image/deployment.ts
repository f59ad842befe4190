import { isLast } from '../shapes.ts'
import type { Environment } from '../names.ts'
import { healthOf, type StackState } from '../stack/state.ts'
import { hidden, type DesiredStack } from '../stack/desired.ts'

/**
 * The file that a deploy action reads: only through it do a stack's tags come from a pipeline. It holds the digest,
 * too, so that an update by hand afterwards finds nothing to do; not what AWS hides, for nobody knows it here.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/continuous-delivery-codepipeline-cfn-artifacts.html
 */
export function templateConfiguration({ parameters, tags }: DesiredStack, digest: string): string {
  const known = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== hidden))
  return `${JSON.stringify({ Parameters: { ...known, Digest: digest }, Tags: tags }, null, 2)}\n`
}

export type AppStack = {
  readonly environment: Environment
  readonly name: string
  readonly state: StackState | undefined
}

const neverWorked = (state: StackState | undefined): boolean =>
  state !== undefined && healthOf(state.status) === 'createFailed'

/**
 * Which app stacks must go before they can be deployed: those whose creation failed, because CREATE_UPDATE does not
 * replace them. A stack that worked once is never among them, and neither is production's: a person deletes that one.
 * For the others the variable says `none`, which no stack is ever called: deleting that does nothing.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
 */
export const recoverVariables = (stacks: readonly AppStack[], none: string): Readonly<Record<string, string>> => {
  const ofPipeline = stacks.filter(({ environment }) => !isLast(environment))
  return {
    RECOVER: ofPipeline.some(({ state }) => neverWorked(state)) ? 'yes' : 'no',
    ...Object.fromEntries(
      ofPipeline.map(({ environment, name, state }) => [
        `RECOVER_${environment.toUpperCase()}`,
        neverWorked(state) ? name : none,
      ]),
    ),
  }
}
