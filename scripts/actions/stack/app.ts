import { notAnImageId } from '../../core/catalogue/images.ts'
import { stackMissing } from '../../core/catalogue/stacks.ts'
import { commandsOf } from '../../core/commands.ts'
import { appName, rigletName, stackName } from '../../core/names.ts'
import type { Ports } from '../../core/ports.ts'
import { environmentOf, rigletOf, sourceOf, wantsJson, type Settings } from '../../core/settings.ts'
import { exists } from '../../core/stack/state.ts'
import type { Template } from '../../core/stack/read-template.ts'
import { marksOf } from '../../core/stack/owner.ts'
import type { WantedStack } from '../../core/stack/wanted.ts'
import type { Target } from '../../core/target.ts'
import { templateFiles, wantedApp } from '../../core/wanted-stacks.ts'
import { changeTarget } from './change-target.ts'
import { chooseImage } from '../image/choose-image.ts'
import { deleteTarget } from './delete-target.ts'
import { planStacks } from './plan-stacks.ts'
import { refuseStranger } from './refuse-stranger.ts'

export type AppSettings = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'ENV' | 'REPO' | 'BRANCH'>

export function appTarget(settings: AppSettings): Target {
  const [riglet, environment, source] = [rigletOf(settings), environmentOf(settings), sourceOf(settings)]
  return {
    title: `${rigletName(riglet)} ${environment} ${appName(source)}`,
    stacks: [stackName.app(riglet, environment, source)],
    commands: commandsOf('app', { ENV: environment, REPO: source.repo, BRANCH: source.branch }),
  }
}

/**
 * Without IMAGE the app keeps the image that it has; so does every parameter that nobody names here.
 * @throws RigletError IMAGE | SETTINGS | NOT_FOUND | STACK_TAKEN
 */
async function wantedOf(settings: AppSettings, ports: Ports): Promise<WantedStack> {
  const [riglet, environment, source] = [rigletOf(settings), environmentOf(settings), sourceOf(settings)]
  const { COMMIT_TAG: commitTag = 'Commit', IMAGE: asked, REGION: region } = settings
  const template = await ports.files.read(templateFiles.app)
  const name = stackName.app(riglet, environment, source)
  const state = await ports.stacks.find(name)
  refuseStranger(name, marksOf(riglet, source, environment), state)
  const deployed = exists(state) ? state.parameters : {}
  // IMAGE may also name a folder under packer/, as it does in .make.
  const named = asked?.startsWith('ami-') === true ? asked : undefined
  const id = named ?? deployed['ImageId']
  if (id === undefined)
    throw asked
      ? notAnImageId(asked)
      : stackMissing(appTarget(settings).stacks[0]!, `${appTarget(settings).commands.create} IMAGE=ami-...`)
  const changes = id !== deployed['ImageId']
  const instanceType = settings.INSTANCE_TYPE ?? deployed['InstanceType'] ?? ''
  const facts = changes ? await chooseImage(id, region, { declared: await declaredIn(template), environment, instanceType }, ports) : undefined
  return wantedApp(riglet, environment, source, template, { id, facts, commitTag }, settings, deployed)
}

async function declaredIn(template: string): Promise<Template> {
  const { readTemplate } = await import('../../core/stack/read-template.ts')
  return readTemplate(templateFiles.app, template)
}

export const changeApp = async (purpose: 'create' | 'update', settings: AppSettings, ports: Ports): Promise<number> =>
  changeTarget(purpose, appTarget(settings), [await wantedOf(settings, ports)], settings, ports)

export async function planApp(settings: AppSettings, ports: Ports): Promise<void> {
  const { commands } = appTarget(settings)
  const { COMMIT_TAG: commitTag = 'Commit' } = settings
  await planStacks([await wantedOf(settings, ports)], { commands, commitTag, json: wantsJson(settings) }, ports)
}

export async function deleteApp(settings: AppSettings, ports: Ports): Promise<number> {
  const target = appTarget(settings)
  const state = await ports.stacks.find(target.stacks[0]!)
  refuseStranger(target.stacks[0]!, marksOf(rigletOf(settings), sourceOf(settings), environmentOf(settings)), state)
  return deleteTarget(target, { waves: [state === undefined ? [] : [state]] }, ports)
}
