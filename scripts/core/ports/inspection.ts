import type { StackDrift } from '../drift/stack-drift.ts'
import type { ResourceChange } from '../stack/plan.ts'

/** What may be read of stacks beside their state. */
export type Inspection = {
  /** The template in force, as it was handed in; undefined for a stack that was never deployed. */
  readonly template: (stack: string) => Promise<string | undefined>
  /** A change set with its changes; undefined: there is none of that name. */
  readonly changeSet: (stack: string, name: string) => Promise<ChangeSetFacts | undefined>
  /** Starts CloudFormation's drift detection and waits for its result. */
  readonly drift: (stack: string) => Promise<StackDrift>
}

export type ChangeSetFacts = {
  readonly id: string
  readonly executable: boolean
  readonly template: string
  readonly parameters: Readonly<Record<string, string>>
  readonly changes: readonly ResourceChange[]
}
