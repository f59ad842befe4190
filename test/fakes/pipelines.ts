import type { ActionRun } from '../../scripts/core/pipeline/action-runs.ts'
import type { ChangeSetFacts, Inspection } from '../../scripts/core/ports/inspection.ts'
import type { Fleet } from '../../scripts/core/ports/fleet.ts'
import type { Pipelines } from '../../scripts/core/ports/pipelines.ts'
import type { Execution, PipelineState } from '../../scripts/core/pipeline/state.ts'

export type FakePipelines = Pipelines & {
  readonly answers: { readonly approved: boolean; readonly summary: string }[]
  /** Pipelines that were started, each with its token. */
  readonly started: { readonly name: string; readonly token: string | undefined }[]
  readonly retries: { readonly stage: string; readonly mode: string }[]
  /** Executions, and CodeBuild projects whose builds, were stopped. */
  readonly stopped: string[]
  /** Builds that run; each time that they are asked to stop, one has ended. */
  builds: number
  states: PipelineState[]
  history: (Execution & { readonly version?: number })[]
  actionRuns: ActionRun[]
}

/** Shows its states in turn, the last one for ever; remembers what it was told. */
export function fakePipelines(...states: readonly PipelineState[]): FakePipelines {
  const fake: FakePipelines = {
    answers: [],
    started: [],
    retries: [],
    stopped: [],
    builds: 0,
    states: [...states],
    history: [],
    actionRuns: [],
    state: () => Promise.resolve(fake.states.length > 1 ? fake.states.shift() : fake.states[0]),
    executions: () => Promise.resolve(fake.history),
    execution: (_, id) => Promise.resolve(fake.history.find((one) => one.id === id)),
    runs: () => Promise.resolve(fake.actionRuns),
    runsSince: () => Promise.resolve(fake.actionRuns),
    start: (name, token) => {
      if (!fake.started.some((one) => token !== undefined && one.token === token)) fake.started.push({ name, token })
      return Promise.resolve('e1')
    },
    answer: (_, __, approved, summary) => Promise.resolve(void fake.answers.push({ approved, summary })),
    retry: (_, stage, __, mode) => Promise.resolve(void fake.retries.push({ stage, mode })),
    stop: (_, execution) => Promise.resolve(void fake.stopped.push(execution)),
    stopBuilds: (projects) => {
      if (fake.builds > 0) fake.stopped.push(...projects)
      return Promise.resolve(fake.builds === 0 ? 0 : fake.builds--)
    },
    build: () => Promise.resolve({ phase: 'BUILD', message: 'exit status 2', log: ['nginx is down'] }),
  }
  return fake
}

export const execution = (id: string, more: Partial<Execution> = {}): Execution => ({
  id,
  status: 'InProgress',
  trigger: 'CloudWatchEvent',
  revision: '9f3c2e1 Ship it',
  revisionId: 'v1',
  started: 0,
  updated: 0,
  type: 'STANDARD',
  ...more,
})

/** Runs of a pipeline's actions, as they began; the port answers the newest first. */
export const actionRuns = (
  ...runs: readonly (Partial<ActionRun> & Pick<ActionRun, 'stage' | 'action'>)[]
): readonly ActionRun[] =>
  runs
    .map((run, index) => ({
      id: `run-${index}`,
      execution: 'e1',
      status: 'Succeeded',
      started: index,
      updated: index,
      by: '',
      approval: false,
      summary: '',
      error: '',
      configuration: {},
      variables: {},
      external: '',
      ...run,
    }))
    .reverse()

export const fakeInspection = (
  templates: Record<string, string>,
  changeSets: Record<string, ChangeSetFacts>,
): Inspection => ({
  template: (stack) => Promise.resolve(templates[stack]),
  changeSet: (stack, name) => Promise.resolve(changeSets[`${stack} ${name}`]),
  drift: (stack) => Promise.resolve({ type: 'checked', stack, resources: [] }),
})

export const fakeFleet = (instances: readonly string[] = []): Fleet => ({
  groups: (names) =>
    Promise.resolve(
      names.map((name) => ({
        name,
        desired: instances.length,
        launchTemplate: null,
        subnets: ['subnet-1'],
        instances: instances.map((id) => ({ id, healthy: true, lifecycle: 'InService' })),
      })),
    ),
  allGroups: () => Promise.resolve([]),
  instancesOf: () => Promise.resolve([]),
  instancesIn: () => Promise.resolve([]),
  template: () => Promise.resolve({ type: 'no version' }),
  tryLaunch: () => Promise.resolve({ type: 'would launch' }),
})
