import type { StackEvent } from '../stack/events.ts'
import type { StackPlan } from '../stack/plan.ts'
import type { StackState } from '../stack/state.ts'
import type { DesiredStack } from '../stack/desired.ts'
import type { AwsCliCommand } from './cli.ts'

/** Where to begin in a stack's events: with our own operation, with a roll-back that we asked for, or with whatever began last. */
export type Beginning = { readonly type: 'token' | 'rollback'; readonly token: string } | { readonly type: 'latest' }

/** CloudFormation. Names are stack names or, for what may be deleted meanwhile, stack ids. */
export type Stacks = {
  /** undefined: there is none. One call. */
  readonly find: (name: string) => Promise<StackState | undefined>
  readonly list: (tags: Readonly<Record<string, string>>) => Promise<StackState[]>
  /**
   * Makes a change set and reads all of it; one that holds nothing is removed at once. `templateUrl`: where the template
   * lies when it is too long for the request.
   * @throws RigletError TEMPLATE | CHANGE_SET | STACK_BUSY
   */
  readonly plan: (desired: DesiredStack, state: StackState | undefined, templateUrl?: string) => Promise<StackPlan>
  /** Executes the very change set; safe to repeat. Returns the token that its events carry. */
  readonly execute: (plan: PlannedChanges) => Promise<string>
  /** Removes the change set, and the empty stack that a first one leaves. */
  readonly discard: (plan: PlannedChanges) => Promise<void>
  /** Against deletion, and by a stack policy against what updates may not do. */
  readonly protect: (stackId: string, policy: string) => Promise<void>
  /** Lifts both: the policy is replaced, for there is no call that removes one. */
  readonly unprotect: (stackId: string, policy: string) => Promise<void>
  /** Starts the deletion; returns the token that its events carry. `retain`: left alone, of a stack in DELETE_FAILED. */
  readonly remove: (stackId: string, options?: { readonly retain?: readonly string[] }) => Promise<string>
  /** Goes on with a roll-back that failed, `skip` left as it is; returns the token that its events carry. */
  readonly continueRollback: (stackId: string, skip: readonly string[]) => Promise<string>
  /** Rolls an update back that failed and was left so; returns the token that its events carry. */
  readonly rollBack: (stackId: string) => Promise<string>
  /** Oldest first, from the beginning of the operation or from behind the event `after`; empty until it has begun. */
  readonly events: (stackId: string, beginning: Beginning, after?: string) => Promise<StackEvent[]>
  readonly resources: (name: string) => Promise<StackResource[]>
  /** Names of the stacks that import an export. */
  readonly importers: (exportName: string) => Promise<string[]>
  readonly awsCliCommand: AwsCliCommand
}

export type PlannedChanges = Extract<StackPlan, { type: 'changes' }>

export type StackResource = {
  readonly logicalId: string
  readonly physicalId: string
  readonly type: string
  readonly status: string
}
