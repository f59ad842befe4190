import { notTheApproved } from '../../core/approval/errors.ts'
import type { Packet } from '../../core/approval/packet.ts'
import { commandOf } from '../../core/commands.ts'
import { isRigletError, type RigletError } from '../../core/errors.ts'
import { exportsFile, exportsOf } from '../../core/exports.ts'
import { stillRuns, takenBack } from '../../core/image/errors.ts'
import { stackName } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { environmentOf, rigletOf, sourceOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { needStack } from '../../engine/own-stacks.ts'
import { readPacket } from '../approval/read-packet.ts'
import { needUnrevoked } from './need-unrevoked.ts'
import { smoke } from './smoke.ts'

/** Requests may still be answered by a machine that is on its way out; targets need a few checks to get healthy. */
const smokeSeconds = 300

/** `make smoke`: does the app answer as the image that its stack, or the pipeline, says. */
export async function smokeVerb(
  settings: Settings<'OWNER' | 'PROJECT' | 'REGION' | 'REPO' | 'BRANCH' | 'ENV'>,
  ports: Ports,
): Promise<void> {
  const [riglet, environment, source] = [rigletOf(settings), environmentOf(settings), sourceOf(settings)]
  const [stack, whose] = [stackName.app(riglet, environment, source), marksOf(riglet, source, environment)]
  const { URL: given, IMAGE_ID: desired } = settings
  const needed = [...(given === undefined ? ['Url'] : []), ...(desired === undefined ? ['ImageId'] : [])]
  const state = needed.length > 0 ? await needStack(stack, whose, needed, ports) : undefined
  const { url, imageId } = { url: given ?? state!.outputs['Url']!, imageId: desired ?? state!.outputs['ImageId']! }
  const anyName = given === undefined && !state?.parameters['HostName']
  const at = given === undefined && !anyName ? state?.outputs['LoadBalancerDnsName'] : undefined
  let identity: Awaited<ReturnType<typeof smoke>>
  try {
    identity = await smoke({ url, imageId, anyName, at, seconds: smokeSeconds }, ports)
  } catch (error) {
    const read = approvedBy(settings, ports)
    if (!isRigletError(error, 'IMAGE') || read === undefined) throw error
    // That the packet cannot be read must not hide why Smoke failed.
    const packet = await read().catch(() => undefined)
    const told = withWayBack(error, packet, { ENV: environment, REPO: source.repo, BRANCH: source.branch })
    if (environment !== settings.ROLL_BACK_ON_SMOKE || !packet?.decisive.oldImage) throw told
    // The stage after this one goes back, and is only entered when this job succeeds; it fails in its stead.
    ports.terminal.say(`${told.message}\nROLL_BACK_ON_SMOKE=${environment}: the image that ran before is put back.`)
    return ports.files.write(exportsFile, exportsOf({ SMOKE: 'failed' }))
  }
  if (desired !== undefined) await needUnrevoked(desired, environment, ports)
  if (settings.TAKEN_BACK !== undefined) throw takenBack(environment, imageId)
  if (settings.DIGEST !== undefined) await ports.files.write(exportsFile, exportsOf({ SMOKE: 'passed' }))
  await needApproved(stack, settings, ports)
  ports.terminal.show(wantsJson(settings) ? JSON.stringify({ url, ...identity }) : url)
}

/** How to read what was approved; undefined where nothing was: by hand, and before production. */
function approvedBy(
  { ARTIFACTS_BUCKET: bucket, DIGEST: digest, EXECUTION_ID: execution }: Settings,
  ports: Pick<Ports, 'buckets'>,
): (() => Promise<Packet>) | undefined {
  return bucket === undefined || digest === undefined || execution === undefined
    ? undefined
    : () => readPacket(bucket, { digest, execution }, ports)
}

/**
 * A failed Smoke of production comes after its change set was executed: nothing goes back by itself, so the message says
 * what runs and which command takes it back; none where the packet says that there was no image before.
 */
const withWayBack = (
  error: RigletError,
  packet: Packet | undefined,
  words: Readonly<Record<'ENV' | 'REPO' | 'BRANCH', string>>,
): RigletError =>
  stillRuns(
    error,
    words.ENV,
    packet?.decisive.oldImage === null ? undefined : commandOf('rollback', 'app', { ...words, REASON: '"..."' }),
  )

/**
 * What a pipeline's production runs came from the very change set that was approved: its name alone could have been given
 * to another one between guard and execution.
 * @throws RigletError APPROVAL
 */
async function needApproved(
  stack: string,
  settings: Settings,
  ports: Pick<Ports, 'stacks' | 'buckets'>,
): Promise<void> {
  const read = approvedBy(settings, ports)
  if (read === undefined) return
  const [packet, state] = await Promise.all([read(), ports.stacks.find(stack)])
  // One that holds nothing is not executed.
  if (packet.decisive.changes.length > 0 && state?.changeSet !== packet.changeSet)
    throw notTheApproved(stack, state?.changeSet, packet.changeSet)
}
