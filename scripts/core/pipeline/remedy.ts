import type { ActionRun } from './action-runs.ts'

/** Where a failed stage of an environment goes back to, if anywhere. */
export type WayBack =
  | { readonly type: 'goes back' }
  /** No execution has passed it yet. */
  | { readonly type: 'nothing' }
  /** It was passed, but only before the pipeline was changed. */
  | { readonly type: 'changed since' }

export type Failure = {
  readonly run: ActionRun
  /** As the action's stack or build tells it. */
  readonly why: string
  /** All runs of the execution. */
  readonly runs: readonly ActionRun[]
  /** Of integration and staging alone. */
  readonly wayBack?: WayBack | undefined
  /** ` REPO=shop BRANCH=main`, which names the app in commands. */
  readonly app: string
}

/** The state of a stack that takes no change, in CloudFormation's words or in those of `make await-app`; the last one told. */
const stateIn = (why: string): string | undefined =>
  [...why.matchAll(/\bis (?:in )?([A-Z]+(?:_[A-Z]+)+)(?: state\b|:)/g)].at(-1)?.[1]

/** What a failed action left, and the command that helps. */
export function remedyOf(failure: Failure): string {
  const { run, why, app } = failure
  const state = stateIn(why)
  if (state?.endsWith('_IN_PROGRESS') === true)
    return 'Its stack was being changed by something else. `make status` shows it; when it is done: `make retry-pipeline`'
  if (run.stage === 'Plan' || run.stage === 'Production') {
    if (state?.endsWith('_FAILED') === true)
      return `CloudFormation waits for a person: \`make recover-app ENV=production${app}\`, then \`make retry-pipeline\``
    if (state === 'ROLLBACK_COMPLETE')
      return `Its first deployment failed; a person clears it away: \`make recover-app ENV=production${app}\`, then \`make retry-pipeline\``
    return ofProduction(failure)
  }
  if (run.stage === 'Return')
    return run.action === 'Smoke'
      ? 'Smoke had failed in production, so the image before was put back, as ROLL_BACK_ON_SMOKE says. Mend the cause and push again.'
      : `Smoke had failed in production, and the image before could not be put back: \`make status-app ENV=production${app}\``
  if (run.stage === 'Integration' || run.stage === 'Staging') return ofEnvironment(failure)
  return 'No environment was touched. Mend the cause and push again.'
}

/** Production wants a reason. */
const toLastGood = (stage: string, app: string): string =>
  `To take it back to its last good image, shown and asked: \`make rollback-app ENV=${stage.toLowerCase()}${app}${
    stage === 'Production' ? ' REASON="..."' : ''
  }\``

function ofProduction({ run, why, runs, app }: Failure): string {
  // By the action alone: an execution that is tried again has runs of earlier attempts, too.
  if (run.stage === 'Production' && run.action === 'Execute')
    return /UPDATE_ROLLBACK_FAILED/.test(why)
      ? `CloudFormation could not take production back, and waits for a person: \`make recover-app ENV=production${app}\``
      : 'CloudFormation took production back. `make retry-pipeline` plans and asks again.'
  if (run.stage !== 'Production' || run.action !== 'Smoke')
    return 'Production was not touched. `make retry-pipeline` plans and asks again.'
  const old = runs.find(({ stage, action }) => stage === 'Production' && action === 'Packet')?.variables['OLD_IMAGE']
  return [
    'The change set was executed: production runs what was approved, and nothing takes it back by itself.',
    old?.startsWith('ami-') !== true
      ? 'There is no image before it to go back to. Mend the cause and push again.'
      : toLastGood(run.stage, app),
  ].join('\n')
}

function ofEnvironment({ run, why, wayBack, app }: Failure): string {
  if (/UPDATE_ROLLBACK_FAILED/.test(why))
    return `CloudFormation could not take ${run.stage} back, and waits for a person: \`make recover-app ENV=${run.stage.toLowerCase()}${app}\``
  switch (wayBack?.type) {
    case 'nothing':
      return `No execution has passed ${run.stage} yet, so there is nothing to go back to. Mend the cause and push again.`
    case 'changed since':
      return [
        `${run.stage} cannot go back by itself: the pipeline was changed since an execution last passed it (make update-pipeline).`,
        run.action === 'Smoke'
          ? `It runs the new image. ${toLastGood(run.stage, app)}`
          : 'CloudFormation took its stack back, if it had begun.',
        'Then mend the cause and push again.',
      ].join('\n')
    case 'goes back':
    case undefined:
      return 'The environment goes back to its last good image by itself. Mend the cause and push again.'
  }
}
