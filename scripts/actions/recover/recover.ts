import { commandOf } from '../../core/commands.ts'
import { byName } from '../../core/layers/protection.ts'
import { stackName, tagsOf } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { environmentOf, rigletOf, sourceOf } from '../../core/settings/settings.ts'
import { marksOf, type Marks } from '../../core/stack/owner.ts'
import { sharedByAll } from '../../core/stack/recovery-errors.ts'
import type { StackState } from '../../core/stack/state.ts'
import type { Subject } from '../../core/subject.ts'
import { pipelineSubject, usersOf as usersOfPipeline, type PipelineSettings } from '../pipeline/pipeline.ts'
import { appSubject, type AppSettings } from '../app/app.ts'
import { scheduleSubject, type ScheduleSettings } from '../schedule/schedule.ts'
import { environmentSubject, usersOf, type EnvironmentSettings } from '../environment/environment.ts'
import { publicationSubject } from '../publication/publication.ts'
import { recoverSubject } from './recover-subject.ts'
import { findOurs } from '../../engine/own-stacks.ts'

const findAll = (
  subject: Subject,
  whoseOf: (name: string) => Marks,
  ports: Ports,
): Promise<(StackState | undefined)[]> =>
  Promise.all(subject.stacks.map((name) => findOurs(name, whoseOf(name), ports)))

/** `make recover-app`. A stack whose first deployment failed is cleared away, in production, too, which no pipeline may. */
export async function recoverApp(settings: AppSettings, ports: Ports): Promise<number> {
  const subject = appSubject(settings)
  const { ENV, REPO, BRANCH } = settings
  const whose = marksOf(rigletOf(settings), sourceOf(settings), environmentOf(settings))
  const words = { ENV, REPO, BRANCH }
  return recoverSubject(
    subject,
    {
      states: await findAll(subject, () => whose, ports),
      skip: settings.SKIP,
      byName: byName(settings),
      compare: `make drift ENV=${ENV}`,
      next: {
        mended: `${commandOf('plan', 'app', words)}, or make retry-pipeline`,
        gone: `${subject.commands.create} IMAGE=ami-..., or make push`,
      },
    },
    ports,
  )
}

/** `make recover-environment`. While apps or builds stand on it, it is not deleted. */
export async function recoverEnvironment(settings: EnvironmentSettings, ports: Ports): Promise<number> {
  const subject = environmentSubject(settings)
  const [riglet, environment] = [rigletOf(settings), environmentOf(settings)]
  const [states, all] = await Promise.all([
    findAll(subject, () => marksOf(riglet, undefined, environment), ports),
    ports.stacks.list(tagsOf(riglet)),
  ])
  const { apps, pipelines } = usersOf(settings, all)
  return recoverSubject(
    subject,
    {
      states,
      skip: settings.SKIP,
      byName: byName(settings),
      users: pipelines.states.length > 0 ? pipelines : apps,
      compare: `make drift ENV=${environment}`,
      next: { mended: commandOf('plan', 'environment', { ENV: environment }), gone: subject.commands.create },
    },
    ports,
  )
}

/** `make recover-schedule`. It holds nothing: what is left of it can go. */
export async function recoverSchedule(settings: ScheduleSettings, ports: Ports): Promise<number> {
  const subject = scheduleSubject(settings)
  const { REPO, BRANCH } = settings
  return recoverSubject(
    subject,
    {
      states: await findAll(subject, () => marksOf(rigletOf(settings), sourceOf(settings)), ports),
      skip: settings.SKIP,
      compare: 'make drift',
      next: { mended: commandOf('plan', 'schedule', { REPO, BRANCH }), gone: subject.commands.create },
    },
    ports,
  )
}

/**
 * `make recover-pipeline`: of the pipeline, its jobs, and what all pipelines share.
 * @throws RigletError STACK_BROKEN for a deletion of what all pipelines share, which goes with the riglet alone
 */
export async function recoverPipeline(settings: PipelineSettings, ports: Ports): Promise<number> {
  const subject = pipelineSubject(settings)
  const [riglet, source] = [rigletOf(settings), sourceOf(settings)]
  const artifacts = stackName.artifacts(riglet)
  const whoseOf = (name: string): Marks => marksOf(riglet, name === artifacts ? undefined : source)
  const [states, users] = await Promise.all([findAll(subject, whoseOf, ports), usersOfPipeline(settings, ports)])
  const shared = states.find((state) => state?.name === artifacts)
  if (shared !== undefined && /^DELETE_(?:FAILED|IN_PROGRESS)$/.test(shared.status))
    throw sharedByAll(shared.name, shared.status)
  const { REPO, BRANCH } = settings
  return recoverSubject(
    subject,
    {
      states,
      skip: settings.SKIP,
      users,
      compare: 'make drift',
      next: {
        mended: commandOf('plan', 'pipeline', { REPO, BRANCH }),
        gone: `${subject.commands.remove}, which deletes what is left of it`,
      },
    },
    ports,
  )
}

/** `make recover-publication`. Nothing stands on it. */
export async function recoverPublication(settings: PipelineSettings, ports: Ports): Promise<number> {
  const subject = publicationSubject(settings)
  const whose = marksOf(rigletOf(settings), sourceOf(settings))
  const { REPO, BRANCH } = settings
  return recoverSubject(
    subject,
    {
      states: await findAll(subject, () => whose, ports),
      skip: settings.SKIP,
      compare: 'make drift',
      next: { mended: commandOf('plan', 'publication', { REPO, BRANCH }), gone: subject.commands.create },
    },
    ports,
  )
}
