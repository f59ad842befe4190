import type { StackDrift } from '../drift/stack-drift.ts'
import type { RunningInstance } from '../drift/image-drift.ts'
import type { TemplateFacts } from '../image/launch.ts'
import type { ResourceChange } from '../stack/plan.ts'
import type { ActionRun } from './action-runs.ts'
import type { Execution, ExecutionNow, PendingApproval, PipelineState } from './state.ts'

/** CodePipeline, and the builds behind its actions. */
export type Pipelines = {
  /** undefined: there is no such pipeline. One call. */
  readonly state: (name: string) => Promise<PipelineState | undefined>
  /** The newest first. */
  readonly executions: (name: string, most: number) => Promise<readonly Execution[]>
  /** Of any age; undefined: the pipeline never had it. */
  readonly execution: (name: string, id: string) => Promise<ExecutionNow | undefined>
  /** Every run of every action of one execution, the newest first. */
  readonly runs: (name: string, execution: string) => Promise<readonly ActionRun[]>
  /** Those of all executions that began at that time or later, the newest first; older ones may be among them. */
  readonly runsSince: (name: string, time: number) => Promise<readonly ActionRun[]>
  readonly start: (name: string) => Promise<string>
  /** @throws RigletError APPROVAL when somebody else answered, or the execution was superseded */
  readonly answer: (name: string, approval: PendingApproval, approved: boolean, summary: string) => Promise<void>
  readonly retry: (
    name: string,
    stage: string,
    execution: string,
    mode: 'ALL_ACTIONS' | 'FAILED_ACTIONS',
  ) => Promise<void>
  /** Abandons an execution with all its actions; one that has ended stays as it is. */
  readonly stop: (name: string, execution: string) => Promise<void>
  /** Asks the builds of CodeBuild projects to stop; answers how many have not ended yet. */
  readonly stopBuilds: (projects: readonly string[]) => Promise<number>
  /** Why a build ended as it did, and the end of its log. */
  readonly build: (id: string) => Promise<BuildStory>
}

/** The digest that an execution's Packet action gave to what waits in a stage; undefined: it gave none. */
export const digestIn = (runs: readonly ActionRun[], stage: string | undefined): string | undefined =>
  runs.find((run) => run.stage === stage && run.variables['DIGEST'])?.variables['DIGEST']

export type BuildStory = { readonly phase: string; readonly message: string; readonly log: readonly string[] }

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

/** Auto Scaling groups and the instances of an environment. */
export type Fleet = {
  /** Groups by name; those that do not exist are left out. */
  readonly groups: (names: readonly string[]) => Promise<readonly GroupFacts[]>
  /** Pending, running and stopped instances in a VPC. */
  readonly instancesIn: (
    vpc: string,
  ) => Promise<readonly (RunningInstance & { readonly tags: Readonly<Record<string, string>> })[]>
  readonly template: (id: string, version: string) => Promise<TemplateFacts>
}

export type GroupFacts = {
  readonly name: string
  readonly desired: number
  readonly launchTemplate: { readonly id: string; readonly version: string } | null
  readonly instances: readonly {
    readonly id: string
    readonly healthy: boolean
    readonly lifecycle: string
  }[]
}
