import { digestGiven } from '../approval/packet.ts'
import type { ActionRun } from './action-runs.ts'
import { controlIn } from './control.ts'
import type { Pushed } from '../source/pushed.ts'
import { isOver, type Execution } from './state.ts'

/** One execution, as it is told later. Times in ISO's form; empty: not known. */
export type Past = {
  readonly execution: string
  readonly type: 'STANDARD' | 'ROLLBACK'
  readonly status: string
  readonly started: string
  /** null: it is not over. */
  readonly ended: string | null
  readonly commit: string
  readonly message: string
  readonly author: string
  /** ARN of whoever pushed. */
  readonly pusher: string
  readonly image: string
  readonly version: string
  readonly stages: readonly PastStage[]
  readonly answers: readonly Answer[]
  /** What its jobs ran, as a person released it. */
  readonly control: { readonly version: string; readonly commit: string } | null
}

export type PastStage = {
  readonly name: string
  readonly result: 'ok' | 'failed' | 'running' | 'waiting' | 'stopped' | 'skipped'
  /** Which action failed, runs or waits. */
  readonly action: string
  /** How often one of its actions was begun, where that was more than once. */
  readonly tries: number
}

/** What a person said to an approval. */
export type Answer = {
  readonly approved: boolean
  /** ARN of whoever answered. */
  readonly by: string
  readonly at: string
  /** What the answer named, if it named any. */
  readonly digest: string
  readonly words: string
}

const iso = (time: number): string => new Date(time).toISOString()

/** `runs`: of this execution, the newest first. `stages`: all that the pipeline has, in its order. */
export function pastOf(
  execution: Execution,
  runs: readonly ActionRun[],
  stages: readonly string[],
  pushed: Pushed | undefined,
): Past {
  const [, short = '', message = ''] = /^([0-9a-f]{7}) (.*)$/s.exec(execution.revision) ?? []
  const variable = (name: string): string =>
    runs.find(({ action, variables }) => action === 'Configure' && variables[name])?.variables[name] ?? ''
  const control = runs.find(({ action }) => action === 'Control')?.configuration['S3ObjectKey'] ?? ''
  return {
    execution: execution.id,
    type: execution.type,
    status: execution.status,
    started: iso(execution.started),
    ended: isOver(execution.status) ? iso(execution.updated) : null,
    commit: pushed?.commit ?? short,
    message: pushed?.message ?? message,
    author: pushed?.author ?? '',
    pusher: pushed?.pusher ?? '',
    image: variable('IMAGE_ID'),
    version: variable('VERSION'),
    stages: stagesOf(execution, runs, stages),
    answers: runs
      .filter(({ approval, status }) => approval && status !== 'InProgress' && status !== 'Abandoned')
      .map(({ status, by, updated, summary }) => ({
        approved: status === 'Succeeded',
        by,
        at: iso(updated),
        digest: digestGiven(summary) ?? '',
        words: summary,
      })),
    control: controlIn(control) ?? null,
  }
}

/** One that nothing ran in was passed over, if something ran behind it or the whole execution succeeded. */
function stagesOf({ status, type }: Execution, runs: readonly ActionRun[], stages: readonly string[]): PastStage[] {
  const last = stages.findLastIndex((name) => runs.some(({ stage }) => stage === name))
  return stages.flatMap((name, index): PastStage[] => {
    const own = runs.filter(({ stage }) => stage === name)
    if (own.length > 0) return [{ name, ...resultOf(own) }]
    // A roll-back is of one stage.
    const passed = type === 'STANDARD' && (index < last || status === 'Succeeded')
    return passed ? [{ name, result: 'skipped', action: '', tries: 0 }] : []
  })
}

function resultOf(runs: readonly ActionRun[]): Omit<PastStage, 'name'> {
  const latest = runs.filter(({ action }, age) => !runs.slice(0, age).some((newer) => newer.action === action))
  const tries = Math.max(...latest.map(({ action }) => runs.filter((run) => run.action === action).length))
  const telling = (['Failed', 'InProgress', 'Abandoned'] as const)
    .map((status) => latest.find((run) => run.status === status))
    .find((run) => run !== undefined)
  if (telling === undefined) return { result: 'ok', action: '', tries }
  const { status, action, approval } = telling
  const result =
    status === 'Failed' ? 'failed' : status === 'Abandoned' ? 'stopped' : approval ? ('waiting' as const) : 'running'
  return { result, action, tries }
}
