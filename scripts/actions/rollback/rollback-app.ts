import { isLast, shapes } from '../../core/shapes.ts'
import { imageUnusable } from '../../core/image/use-errors.ts'
import { stackMissing } from '../../core/stack/errors.ts'
import { commandOf } from '../../core/commands.ts'
import { exitCodes, isRigletError } from '../../core/errors.ts'
import { describeImage } from '../../core/image/image-facts.ts'
import { certain } from '../../core/image/launch.ts'
import { app } from '../../core/layers/app.ts'
import { desiredStack } from '../../core/layers/layer.ts'
import { appName, rollbackName, tagsOf } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { before, lastGood, type Candidate } from '../../core/rollback/earlier.ts'
import { neverRan, nothingBefore, reasonNeeded } from '../../core/rollback/errors.ts'
import { imageRevoked } from '../../core/revocation/errors.ts'
import type { Rollback } from '../../core/rollback/record.ts'
import { commitTagOf, environmentOf, rigletOf, sourceOf, wantsJson } from '../../core/settings/settings.ts'
import type { Outcome } from '../../core/stack/outcome.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { exists, type StackState } from '../../core/stack/state.ts'
import type { DesiredStack } from '../../core/stack/desired.ts'
import type { Subject } from '../../core/subject.ts'
import { renderEarlier } from '../../view/rollback.ts'
import { chooseImage } from '../image/choose-image.ts'
import { appSubject, checkGroup, type AppSettings } from '../app/app.ts'
import { convergeStacks } from '../../engine/converge-stacks.ts'
import { findOurs } from '../../engine/own-stacks.ts'
import { findEarlier } from './find-earlier.ts'

/**
 * `make rollback-app`: lists what ran before, takes the app back to the last good image, or to IMAGE_ID of these, planned,
 * shown and asked. The image alone goes back: template and settings stay as they are. That it was done, by whom and why is
 * kept for status, drift and the next approval (decision 0020).
 * @throws RigletError USAGE | NOT_FOUND | IMAGE | STACK_TAKEN | STACK_BUSY | STACK_BROKEN | STACK_FAILED
 */
export async function rollbackApp(settings: AppSettings, ports: Ports): Promise<number> {
  const subject = appSubject(settings)
  const { ENV, REPO, BRANCH, REASON = '' } = settings
  const whose = marksOf(rigletOf(settings), sourceOf(settings), environmentOf(settings))
  const state = await findOurs(subject.stacks[0]!, whose, ports)
  if (!exists(state)) throw stackMissing(subject.stacks[0]!, subject.commands.create)
  if (isLast(environmentOf(settings)) && REASON === '')
    throw reasonNeeded(commandOf('rollback', 'app', { ENV, REPO, BRANCH }))
  const candidates = await findEarlier(settings, ports)
  const { ImageId: now = '', Version: version = '', Commit: commit = '' } = state.parameters
  const chosen = settings.IMAGE_ID ?? lastGood(candidates, now)?.image
  const tell = wantsJson(settings) ? ports.terminal.say : ports.terminal.show
  tell(`${renderEarlier(subject.title, candidates, { image: now, version, commit }, chosen)}\n`)
  if (chosen === now) {
    ports.terminal.show(`${subject.title}: runs ${now} already`)
    return exitCodes.ok
  }
  refuseUnfit(chosen, candidates, now, subject, settings)
  await checkGroup(state, true, subject.commands, ports)
  return takeBack(state, chosen, settings, ports)
}

function refuseUnfit(
  chosen: string | undefined,
  candidates: readonly Candidate[],
  now: string,
  { commands }: Subject,
  { ENV }: AppSettings,
): asserts chosen is string {
  const others = candidates.filter(({ image }) => image !== now)
  if (chosen === undefined)
    throw nothingBefore(
      ENV,
      before(candidates, now).flatMap(({ hindrances }) => certain(hindrances)),
      commands.update,
    )
  const known = others.find(({ image }) => image === chosen)
  if (known === undefined)
    throw neverRan(
      chosen,
      ENV,
      others.map(({ image }) => image),
      commands.update,
    )
  if (known.revocation !== undefined)
    throw imageRevoked(chosen, known.revocation, 'Go back to another one: without IMAGE_ID it is the last good one.')
  const hindrances = certain(known.hindrances)
  if (hindrances.length > 0) throw imageUnusable(chosen, hindrances)
}

async function takeBack(state: StackState, chosen: string, settings: AppSettings, ports: Ports): Promise<number> {
  const subject = appSubject(settings)
  const commitTag = commitTagOf(settings)
  const { desired, described } = await desiredBack(state, chosen, settings, ports)
  const [place, tags] = placeOf(settings)
  const [earlier, by] = await Promise.all([ports.parameters.get(place), ports.account.caller()])
  const put = (text: string): Promise<void> => ports.parameters.put(place, text, tags)
  let kept = false
  // Before the change begins: a run that is killed after that must not leave it unexplained.
  const prepare = async (): Promise<void> => {
    const [version, reason] = [desired.parameters['Version'] ?? '', settings.REASON ?? '']
    await put(JSON.stringify(rollbackOf(state, chosen, { version, by, reason }, ports)))
    kept = true
  }
  const question = `Take ${subject.title} back to ${described}?`
  const json = wantsJson(settings)
  const outcome = await convergeStacks(
    [desired],
    { purpose: 'update', question, commands: subject.commands, commitTag, json, prepare },
    ports,
  ).catch(async (error: unknown) => {
    // What goes on without us may succeed yet; what failed is as it was, and so is what is kept of it.
    if (kept && !isRigletError(error, 'INTERRUPTED', 'WAIT_TOO_LONG'))
      await (earlier === undefined ? ports.parameters.remove([place]) : put(earlier))
    throw error
  })
  return tell(outcome, described, settings, ports)
}

function placeOf(settings: AppSettings): readonly [string, Readonly<Record<string, string>>] {
  const [riglet, environment, name] = [rigletOf(settings), environmentOf(settings), appName(sourceOf(settings))]
  return [rollbackName(riglet, environment, name), { ...tagsOf(riglet, environment), App: name }]
}

const rollbackOf = (
  { id: stackId, parameters }: StackState,
  image: string,
  said: Pick<Rollback, 'version' | 'by' | 'reason'>,
  { clock }: Pick<Ports, 'clock'>,
): Rollback => ({
  stackId,
  image,
  from: parameters['ImageId'] ?? '',
  fromVersion: parameters['Version'] ?? '',
  fromCommit: parameters['Commit'] ?? '',
  ...said,
  at: clock.now().toISOString(),
})

/** The stack as it is, with another image: neither the checkout's template nor its settings come along. */
async function desiredBack(
  state: StackState,
  chosen: string,
  settings: AppSettings,
  ports: Ports,
): Promise<{ readonly desired: DesiredStack; readonly described: string }> {
  const { REGION: region, ROLL_OUT_ALARMS: alarms } = settings
  const [environment, commitTag] = [environmentOf(settings), commitTagOf(settings)]
  const template = (await ports.inspection.template(state.name)) ?? ''
  const { readTemplate } = await import('../../core/stack/template/read-template.ts')
  const file = `the template of ${state.name}`
  const declared = readTemplate(file, template)
  const instanceType = state.parameters['InstanceType'] || shapes[environment].sizes.InstanceType
  const facts = await chooseImage(chosen, region, instanceType, ports)
  const priority = Number(state.parameters['ListenerPriority'])
  const [riglet, source, run] = [rigletOf(settings), sourceOf(settings), { id: chosen, facts, commitTag, priority }]
  const own = alarms === undefined ? {} : { ROLL_OUT_ALARMS: alarms }
  const desired = desiredStack(app, { riglet, environment, source, run }, template, own)
  const parameters = Object.entries(desired.parameters).filter(([name]) => declared.parameters.has(name))
  return {
    desired: { ...desired, file, parameters: Object.fromEntries(parameters) },
    described: describeImage(chosen, facts, commitTag),
  }
}

function tell(outcome: Outcome, described: string, settings: AppSettings, { terminal }: Ports): number {
  const { title } = appSubject(settings)
  const { ENV, REPO, BRANCH } = settings
  const declined = outcome.type === 'declined'
  terminal.show(
    wantsJson(settings)
      ? JSON.stringify(outcome)
      : `${title}: ${declined ? 'nothing was changed' : `taken back to ${described}`}`,
  )
  if (declined) return exitCodes.failed
  terminal.say(
    isLast(environmentOf(settings))
      ? 'Status, drift and the next approval know it. A push is planned and asked as ever, and says that it ends this.'
      : `Status and drift know it. The next push puts its own image into ${ENV}, and asks nobody.`,
  )
  terminal.say(`Next: make smoke ENV=${ENV} REPO=${REPO} BRANCH=${BRANCH}`)
  return exitCodes.ok
}
