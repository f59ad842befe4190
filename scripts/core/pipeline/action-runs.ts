import type { Environment } from '../names.ts'
import type { StageState } from './state.ts'

/** One action of one execution; a retry is a run of its own. Times are epoch milliseconds.
 *  https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListActionExecutions.html */
export type ActionRun = {
  readonly id: string
  /** The pipeline's execution that it is of. */
  readonly execution: string
  readonly stage: string
  readonly action: string
  readonly status: string
  readonly started: number
  readonly updated: number
  /** ARN of whoever changed it last: of an approval, who answered; of others as a rule empty. */
  readonly by: string
  /** Whether it asks a person. */
  readonly approval: boolean
  readonly summary: string
  readonly error: string
  /** As the pipeline's definition had it then. */
  readonly configuration: Readonly<Record<string, string>>
  readonly variables: Readonly<Record<string, string>>
  /** The run behind it: a build id, a stack, a change set. */
  readonly external: string
}

/** The runs of one stage as they began; those that began together stand as the stage lists them. */
export function runsOf(stage: StageState, runs: readonly ActionRun[]): readonly ActionRun[] {
  const place = ({ action }: ActionRun): number => stage.actions.findIndex(({ name }) => name === action)
  return runs
    .filter((run) => run.stage === stage.name)
    .sort((one, other) => one.started - other.started || place(one) - place(other))
}

/** The last run that failed and was not tried again: what a person wants to read about. Runs come the newest first. */
export const failedRun = (runs: readonly ActionRun[]): ActionRun | undefined =>
  runs.find(
    ({ status, stage, action }, age) =>
      status === 'Failed' && !runs.slice(0, age).some((newer) => newer.stage === stage && newer.action === action),
  )

/**
 * The Smoke by which an execution passed an environment; undefined: it did not. Where a failed Smoke takes production back,
 * its action succeeds and tells by a variable that it failed.
 */
export function passedBy(environment: Environment, runs: readonly ActionRun[]): ActionRun | undefined {
  const smoke = runs.find(({ stage, action }) => stage.toLowerCase() === environment && action === 'Smoke')
  return smoke?.status === 'Succeeded' && smoke.variables['SMOKE'] !== 'failed' ? smoke : undefined
}

/** The digest that an execution's Packet action gave to what waits in a stage; undefined: it gave none. */
export const digestIn = (runs: readonly ActionRun[], stage: string | undefined): string | undefined =>
  runs.find((run) => run.stage === stage && run.variables['DIGEST'])?.variables['DIGEST']
