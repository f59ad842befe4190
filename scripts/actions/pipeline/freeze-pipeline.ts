import { freezeFaults, noSuchTime, nothingToFreeze, pastTime } from '../../core/approval/freeze-errors.ts'
import { freezeWords, readTime, type Freeze } from '../../core/approval/freeze.ts'
import { readFreeze } from '../../core/approval/read-freeze.ts'
import { nameIn } from '../../core/approval/person.ts'
import { isRigletError } from '../../core/errors.ts'
import { appName, environments, freezeName, tagsOf } from '../../core/names.ts'
import type { PipelineState, StageState } from '../../core/pipeline/state.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { environmentOf, rigletOf, sourceOf, type Settings } from '../../core/settings/settings.ts'
import { needPipeline } from './need-pipeline.ts'
import type { PipelineSettings } from './push-source.ts'

/**
 * Lets a pipeline change nothing in an environment until a time, which holds by itself (decision 0017).
 * @throws RigletError USAGE with all that is wrong, PIPELINE, STACK_TAKEN
 */
export async function freezePipeline(
  settings: PipelineSettings & Settings<'ENV' | 'UNTIL' | 'REASON'>,
  ports: Ports,
): Promise<void> {
  const [riglet, source, environment] = [rigletOf(settings), sourceOf(settings), environmentOf(settings)]
  const [{ name, state }, by] = await Promise.all([needPipeline(riglet, source, ports), ports.account.caller()])
  const [until, now] = [readTime(settings.UNTIL), ports.clock.now()]
  const stage = stageOf(state, environment)
  const faults = [
    ...(until === undefined ? [noSuchTime(settings.UNTIL)] : []),
    ...(until !== undefined && until <= now ? [pastTime(settings.UNTIL, now)] : []),
    ...(stage === undefined ? [nothingToFreeze(environment, name, guardedIn(state))] : []),
  ]
  if (until === undefined || stage === undefined || faults.length > 0) throw freezeFaults(faults)
  const freeze: Freeze = {
    until: until.toISOString(),
    reason: settings.REASON,
    by,
    since: now.toISOString(),
  }
  const app = appName(source)
  await ports.parameters.put(freezeName(riglet, environment, app), JSON.stringify(freeze), {
    ...tagsOf(riglet, environment),
    App: app,
  })
  ports.terminal.say(
    `${environment} of ${name} is frozen ${freezeWords(freeze)}.\n` +
      'Pushes go on up to there; nothing can be approved, and what is approved all the same is refused.\n' +
      `It ends by itself; \`make thaw ENV=${environment}\` ends it before.`,
  )
  if (isPastGuard(stage))
    ports.terminal.say(
      `Execution ${stage.execution} is past its guard already, and goes on: \`make watch-pipeline\` monitors it.`,
    )
}

/** Ends a freeze before its time, also one that cannot be read. */
export async function thawPipeline(settings: PipelineSettings & Settings<'ENV'>, ports: Ports): Promise<void> {
  const [riglet, source, environment] = [rigletOf(settings), sourceOf(settings), environmentOf(settings)]
  const { name } = await needPipeline(riglet, source, ports)
  const place = freezeName(riglet, environment, appName(source))
  const text = await ports.parameters.get(place)
  const freeze = await readFreeze(place, text, ports.clock.now()).catch((error: unknown) => {
    if (isRigletError(error)) return 'unreadable' as const
    throw error
  })
  if (text !== undefined) await ports.parameters.remove([place])
  ports.terminal.say(
    freeze === undefined
      ? `${environment} of ${name} is not frozen.`
      : freeze === 'unreadable'
        ? `${environment} of ${name} is thawed. What was kept of its freeze could not be read.`
        : `${environment} of ${name} is thawed. It was frozen by ${nameIn(freeze.by)} ${freezeWords(freeze)}.`,
  )
}

const guard = 'Guard'
const stageNamed = (environment: string) => (stage: StageState) => stage.name.toLowerCase() === environment

/** The stage of an environment, if it has a guard that can hold a freeze. */
const stageOf = (state: PipelineState, environment: string): StageState | undefined =>
  state.stages.filter(stageNamed(environment)).find(({ actions }) => actions.some(({ name }) => name === guard))

const guardedIn = (state: PipelineState): readonly string[] =>
  environments.filter((environment) => stageOf(state, environment) !== undefined)

/** Actions show their last run, whichever execution it was of; what runs now is of this one. */
const isPastGuard = ({ status, actions }: StageState): boolean =>
  status === 'InProgress' &&
  actions.slice(actions.findIndex(({ name }) => name === guard) + 1).some((action) => action.status === 'InProgress')
