import { shapes } from '../../core/shapes.ts'
import { groupCannotReplace, notAnImageId } from '../../core/image/use-errors.ts'
import { stackMissing } from '../../core/stack/errors.ts'
import { commandsOf, type Commands } from '../../core/commands.ts'
import { certain } from '../../core/image/launch.ts'
import { app } from '../../core/layers/app.ts'
import { desiredStack } from '../../core/layers/layer.ts'
import { byName } from '../../core/layers/protection.ts'
import { appName, rigletName, stackName } from '../../core/names.ts'
import { revokedFault } from '../../core/revocation/errors.ts'
import { revocationOf } from '../../core/revocation/revocation.ts'
import type { Ports } from '../../core/ports/ports.ts'
import {
  commitTagOf,
  environmentOf,
  rigletOf,
  sourceOf,
  wantsJson,
  type Settings,
} from '../../core/settings/settings.ts'
import { exists, type StackState } from '../../core/stack/state.ts'
import { marksOf } from '../../core/stack/owner.ts'
import type { DesiredStack } from '../../core/stack/desired.ts'
import type { Subject } from '../../core/subject.ts'
import { changeSubject } from '../../engine/verbs.ts'
import { chooseImage } from '../image/choose-image.ts'
import { lookAtGroups } from '../image/look-at-groups.ts'
import { sayUnchecked } from '../image/look-at-images.ts'
import { deleteSubject } from '../../engine/delete-subject.ts'
import { planStacks } from '../../engine/plan-stacks.ts'
import { findOurs } from '../../engine/own-stacks.ts'
import { environmentsIn } from '../environment/environments-in.ts'
import { settleApp } from './settle-app.ts'

export type AppSettings = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'ENV' | 'REPO' | 'BRANCH'>

export function appSubject(settings: AppSettings): Subject {
  const [riglet, environment, source] = [rigletOf(settings), environmentOf(settings), sourceOf(settings)]
  const name = stackName.app(riglet, environment, source)
  return {
    title: `${rigletName(riglet)} ${environment} ${appName(source)}`,
    stacks: [name],
    held: { [name]: app.holdsState },
    commands: commandsOf('app', { ENV: environment, REPO: source.repo, BRANCH: source.branch }),
  }
}

/**
 * Without IMAGE the app keeps the image that it has; so does every parameter that nobody names here.
 * @throws RigletError IMAGE | SETTINGS | NOT_FOUND | STACK_TAKEN | RULE_TAKEN
 */
async function desiredOf(settings: AppSettings, ports: Ports): Promise<DesiredStack> {
  const [riglet, environment, source] = [rigletOf(settings), environmentOf(settings), sourceOf(settings)]
  const { IMAGE: asked, REGION: region } = settings
  const template = await ports.files.read(app.template)
  const name = stackName.app(riglet, environment, source)
  const state = await findOurs(name, marksOf(riglet, source, environment), ports)
  const deployed = exists(state) ? state.parameters : {}
  const { commands } = appSubject(settings)
  // IMAGE may also name a folder under packer/, as it does in .make.
  const named = asked?.startsWith('ami-') === true ? asked : undefined
  const id = named ?? deployed['ImageId']
  if (id === undefined)
    throw asked
      ? notAnImageId(asked)
      : stackMissing(appSubject(settings).stacks[0]!, `${commands.create} IMAGE=ami-...`)
  const changes = id !== deployed['ImageId']
  const said = await environmentsIn(ports)
  const { settings: own, priority } = await settleApp({ riglet, environment, source, settings, state, said }, ports)
  // An empty one is that of the environment, whoever said so.
  const instanceType = (own.INSTANCE_TYPE ?? deployed['InstanceType']) || shapes[environment].sizes.InstanceType
  const [facts] = await Promise.all([
    changes ? chooseImage(id, region, instanceType, ports) : undefined,
    exists(state) ? checkGroup(state, changes, commands, ports) : undefined,
  ])
  const run = { id, facts, commitTag: commitTagOf(settings), priority, deployed }
  return desiredStack(app, { riglet, environment, source, run }, template, own)
}

/**
 * What an app's next instance is launched from is looked at before anything is built on it, "nothing to change" included.
 * Another image is the way out of one that is gone; a launch template that is gone has none.
 * @throws RigletError IMAGE
 */
export async function checkGroup(state: StackState, changes: boolean, commands: Commands, ports: Ports): Promise<void> {
  const { groupOf, images } = await lookAtGroups([state], ports)
  const { image, hindrances: ofGroup, lost } = groupOf(state.name)
  const { image: own } = app.facts(state)
  // The stack's own image, too, where somebody gave the group another one.
  const others = image === null || own === undefined || image === own ? [] : images.hindrancesOf(own)
  const hindrances = [...ofGroup, ...others]
  const reasons = certain(hindrances)
  if (lost.length > 0 || (reasons.length > 0 && !changes))
    throw groupCannotReplace(state.name, reasons, lost.length > 0, commands)
  for (const why of changes ? reasons : [])
    ports.terminal.say(`${state.name} could not go back to what it runs now: ${why}`)
  sayUnchecked(`${state.name} can replace an instance`, hindrances, ports)
  const revocation = revocationOf(images.factsOf(own ?? '')?.tags ?? {})
  // Its sizes and alarms may have to change meanwhile.
  if (revocation !== undefined && !changes) ports.terminal.say(`${state.name} runs ${revokedFault(own!, revocation)}`)
}

export const changeApp = async (purpose: 'create' | 'update', settings: AppSettings, ports: Ports): Promise<number> =>
  changeSubject(purpose, appSubject(settings), [await desiredOf(settings, ports)], settings, ports)

export async function planApp(settings: AppSettings, ports: Ports): Promise<void> {
  const { commands } = appSubject(settings)
  await planStacks(
    [await desiredOf(settings, ports)],
    { commands, commitTag: commitTagOf(settings), json: wantsJson(settings) },
    ports,
  )
}

export async function deleteApp(settings: AppSettings, ports: Ports): Promise<number> {
  const subject = appSubject(settings)
  const whose = marksOf(rigletOf(settings), sourceOf(settings), environmentOf(settings))
  const state = await findOurs(subject.stacks[0]!, whose, ports)
  return deleteSubject(subject, { waves: [state === undefined ? [] : [state]], byName: byName(settings) }, ports)
}

export const appNoun = {
  subject: appSubject,
  change: changeApp,
  plan: planApp,
  delete: deleteApp,
}
