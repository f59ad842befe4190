import { quotaTooLow, rigletExists } from '../../core/riglet/errors.ts'
import { commandsOf } from '../../core/commands.ts'
import { exitCodes } from '../../core/errors.ts'
import { withKeptNames } from '../../core/stack/kept-names.ts'
import { ofLayer } from '../../core/layers/layers.ts'
import { withMissing } from '../../core/settings/make-file.ts'
import { environments, isStackNameOf, rigletName } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { shortages } from '../../core/riglet/quotas.ts'
import { standingsOf, type Standing } from '../../core/riglet/standing.ts'
import { parseMakeFile, rigletOf, sourceOf, type Settings } from '../../core/settings/settings.ts'
import { marksOf, marksOfDesired, strangerIn } from '../../core/stack/owner.ts'
import { healthOf, type StackState } from '../../core/stack/state.ts'
import type { DesiredStack } from '../../core/stack/desired.ts'
import { renderRiglet } from '../../view/riglet.ts'
import { desiredFoundations } from '../environment/environment.ts'
import { askSettings, type Answered } from './ask-settings.ts'
import { convergeStacks } from '../../engine/converge-stacks.ts'
import { keepAnswers } from './kept-answers.ts'
import { refuseStranger } from '../../engine/own-stacks.ts'
import { releaseTo, desiredArtifactsOf, desiredDelivery } from '../pipeline/pipeline.ts'
import { readControl } from '../pipeline/release-control.ts'

/**
 * Asks what is missing, shows everything with its cost, asks once, and creates: artifacts and environments side by side,
 * then the pipeline's jobs, and the pipeline that builds on all of them. What a creation that was cut short left is gone on with; what is there already
 * stays as it is, and is named where it differs.
 * @throws RigletError RIGLET_EXISTS | STACK_TAKEN | QUOTA | SETTINGS | STACK_FAILED | NOT_CONFIRMED
 */
export async function createRiglet(given: Settings, ports: Ports): Promise<number> {
  const answered = await askSettings(given, ports)
  // From here on everything goes to the region that was answered, not to the one that main.ts knew.
  const here: Ports = { ...ports, ...ports.at({ region: answered.REGION }) }
  const all = await here.stacks.list({})
  const settings = await withKeptNames(answered, () => Promise.resolve(all))
  const riglet = rigletOf(settings)
  const first = [await desiredArtifactsOf(settings, here), ...(await desiredFoundations(environments, settings, here))]
  const control = await readControl(here)
  const [jobs, pipeline] = await desiredDelivery(settings, control, here)
  const desired = [...first, jobs, pipeline]

  const account = await here.account.id()
  const present = await presentOf(desired, settings, all)
  await checkQuotas(environments.length - present.foundations, settings, here)
  here.terminal.show(renderRiglet(rigletName(riglet), account, settings, present.standings))
  if (!(await here.terminal.confirm(`Create ${rigletName(riglet)}?`))) {
    here.terminal.show('Nothing was created.')
    return exitCodes.failed
  }

  await writeSettings(settings, here)
  await keepAnswers(settings, here)
  const commands = { ...commandsOf('environment', {}), create: 'make create-riglet', status: 'make status' }
  const converge = (wave: readonly DesiredStack[]) =>
    convergeStacks(wave, { purpose: 'create', question: '', commands, agreed: true }, here)
  await converge(first)
  await releaseTo(settings, control, here)
  await converge([jobs])
  await converge([pipeline])
  here.terminal.show(`${rigletName(riglet)} is there. Next: make push`)
  return exitCodes.ok
}

const written = ({ OWNER, PROJECT, REGION, PROFILE, REPO, BRANCH, EMAIL_ADDRESS, CERTIFICATE_ARN }: Answered) => ({
  OWNER,
  PROJECT,
  REGION,
  PROFILE,
  REPO,
  BRANCH,
  EMAIL_ADDRESS,
  CERTIFICATE_ARN,
})

/** What stands in .make stays as it is; where it says something else, the user has to know. */
async function writeSettings(settings: Answered, { files, terminal }: Ports): Promise<void> {
  const text = await files.readIfThere('.make')
  const { found } = parseMakeFile(text ?? '')
  const desired = written(settings)
  const others = Object.entries(desired).filter(([name, value]) => {
    const there = found.get(name as keyof typeof desired)?.value
    return there && value && there !== value
  })
  for (const [name, value] of others)
    terminal.say(`.make says another ${name}; to work on this riglet, set ${name}=${value} there or pass it each time.`)
  await files.write('.make', withMissing(text, desired))
}

/**
 * A riglet exists when all of it does; a part of one is a creation that was cut short.
 * @throws RigletError STACK_TAKEN | RIGLET_EXISTS
 */
async function presentOf(
  desired: readonly DesiredStack[],
  settings: Answered,
  all: readonly StackState[],
): Promise<{ standings: readonly Standing[]; foundations: number }> {
  const riglet = rigletOf(settings)
  for (const stack of desired)
    refuseStranger(
      stack.name,
      marksOfDesired(stack),
      all.find(({ name }) => name === stack.name),
    )
  const found = all.filter(
    (state) => isStackNameOf(riglet, state.name) && strangerIn(marksOf(riglet), state) === undefined,
  )
  const standings = await standingsOf(desired, found, sourceOf(settings))
  if (standings.every(({ type }) => type !== 'missing')) throw rigletExists(rigletName(riglet), settings.REGION)
  // One that is still being made may have its VPC already, and needs no further one.
  const made = found.filter(({ status }) => !['gone', 'createFailed'].includes(healthOf(status)))
  return { standings, foundations: ofLayer('foundation', made).length }
}

async function checkQuotas(environmentsToMake: number, settings: Answered, { account }: Ports): Promise<void> {
  if (environmentsToMake <= 0) return
  const [vpcs, elasticIps] = await Promise.all([account.vpcs(), account.elasticIps()])
  const raised = settings.VPC_QUOTA === undefined ? undefined : Number(settings.VPC_QUOTA)
  const short = [
    ...shortages([{ what: 'VPCs', needed: environmentsToMake, usage: vpcs }], raised),
    ...shortages([{ what: 'Elastic IPs', needed: environmentsToMake, usage: elasticIps }]),
  ]
  if (short.length > 0) throw quotaTooLow(short, settings.REGION)
}
