import type { Freeze } from '../approval/freeze.ts'
import type { Environment } from '../names.ts'
import type { Rollback } from '../rollback/record.ts'

/** A riglet at a glance. */
export type RigletStatus = {
  readonly riglet: string
  readonly region: string
  readonly environments: readonly EnvironmentStatus[]
  readonly pipelines: readonly PipelineStatus[]
}

export type EnvironmentStatus = {
  readonly name: Environment
  /** CloudFormation's word for the foundation, or `absent`. */
  readonly foundation: string
  readonly apps: readonly AppStatus[]
}

export type AppStatus = {
  readonly stack: string
  readonly status: string
  readonly image: { readonly id: string; readonly version: string; readonly commit: string }
  readonly url: string
  /** That what it runs is revoked, by whom and why. */
  readonly revoked?: string
  /** That a person took it back to this image, and no push has passed since. */
  readonly rolledBack?: Rollback
  readonly instances: number
  readonly healthy: number
  readonly desired: number
  /** Why its group could replace no instance (B25); empty where it could. */
  readonly cannotReplace: readonly string[]
  /** What could not be asked about it. */
  readonly unchecked: readonly string[]
}

export type PipelineStatus = {
  readonly name: string
  readonly execution: { readonly id: string; readonly status: string; readonly revision: string } | null
  /** The stages that are not idle or done, as `Staging InProgress`, each with the execution that was last in it. */
  readonly stages: readonly { readonly name: string; readonly status: string; readonly execution: string }[]
  readonly approval: { readonly execution: string; readonly digest: string } | null
  readonly barred: readonly { readonly stage: string; readonly reason: string }[]
  /** What its jobs run; null: it is older than that can be told. */
  readonly control: ControlStatus | null
  readonly frozen: readonly (Freeze & { readonly environment: Environment })[]
  /** Why it is not known whether it is frozen; empty where it is. */
  readonly unchecked: readonly string[]
}

export type ControlStatus = {
  readonly version: string
  readonly commit: string
  /** What this checkout would give it, against that. */
  readonly here: 'same' | 'newer' | 'older' | 'other' | 'uncommitted' | 'unknown'
}
