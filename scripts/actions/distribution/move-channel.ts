import { notDesired } from '../../core/distribution/errors.ts'
import { movedAtOnce, notTaken } from '../../core/distribution/channel-errors.ts'
import {
  pointersOf,
  putMeanwhile,
  type Pointer,
  type PointerLook,
  type PointerPlan,
} from '../../core/distribution/channel.ts'
import { exitCodes } from '../../core/errors.ts'
import { aliasesOf } from '../../core/manifest/desired-images.ts'
import { noManifest } from '../../core/manifest/errors.ts'
import { useCaseOf } from '../../core/manifest/find-image.ts'
import { manifestFile } from '../../core/manifest/manifest.ts'
import { tagsOf } from '../../core/names.ts'
import type { ParameterVersion } from '../../core/ports/parameters.ts'
import type { Ports, Regional } from '../../core/ports/ports.ts'
import { revocationOf } from '../../core/revocation/revocation.ts'
import { rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { until } from '../../core/until.ts'
import { orUnchecked } from '../../engine/of-many.ts'
import {
  channelAsData,
  renderChannel,
  renderMoves,
  type ChannelChange,
  type MoveOutcome,
} from '../../view/distribution/channel.ts'
import type { DistributionSettings } from './choose.ts'
import { desiredImages, publishedImages } from './read-manifests.ts'

export type ChannelSettings = DistributionSettings & Settings<'CHANNEL'>
type ChannelPorts = Pick<Ports, 'at' | 'clock' | 'files' | 'git' | 'terminal'>

/** AWS looks at an image within seconds. */
const shownMinutes = 1

/**
 * The pointers of a channel, wherever the manifest of the checkout has the image.
 * @throws RigletError NOT_FOUND | FILE
 */
export async function findPointers(
  settings: ChannelSettings,
  ports: Pick<ChannelPorts, 'files'>,
): Promise<readonly Pointer[]> {
  const [desired, manifest] = await Promise.all([desiredImages(ports), publishedImages(ports)])
  const image = desired.images[settings.IMAGE]
  if (image === undefined) throw notDesired(settings.IMAGE, Object.keys(desired.images))
  if (manifest === undefined) throw noManifest(manifestFile)
  const published = manifest[useCaseOf(image.name, manifest, aliasesOf(desired), manifestFile)]!
  return pointersOf(rigletOf(settings), settings.CHANNEL, image, published, desired, settings.REGION)
}

/** What each pointer named up to now, all places at once. One that does not answer hides nothing of the others. */
export const lookAtPointers = (
  pointers: readonly Pointer[],
  { at }: Pick<ChannelPorts, 'at'>,
): Promise<readonly PointerLook[]> =>
  Promise.all(
    pointers.map(async (pointer): Promise<PointerLook> => {
      return { pointer, seen: await orUnchecked(look(pointer, at(pointer.place.target))) }
    }),
  )

async function look({ parameter, published }: Pointer, { parameters, images }: Regional) {
  const history = await parameters.history(parameter)
  const found = await images.describe([...new Set([published.id, ...history.map(({ value }) => value)])])
  const revoked = found.flatMap(({ id, tags }) => {
    const revocation = revocationOf(tags)
    return revocation === undefined ? [] : [[id, revocation] as const]
  })
  return { type: 'seen' as const, history, revoked: new Map(revoked) }
}

const isTroubled = ({ plans }: ChannelChange): boolean =>
  plans.some(({ fault, unchecked }) => fault !== undefined || unchecked !== undefined)

/** What would be moved where; the number is the exit code. */
export function showChannel(change: ChannelChange, settings: Settings, { terminal }: Pick<Ports, 'terminal'>): number {
  terminal.show(
    wantsJson(settings) ? JSON.stringify(channelAsData(change), null, 2) : renderChannel(change, terminal).join('\n'),
  )
  return isTroubled(change) ? exitCodes.failed : exitCodes.ok
}

/** Shows it, asks, moves all pointers at once, and reads each back. What fails in one place holds no other back. */
export async function moveChannel(
  change: ChannelChange,
  question: string,
  settings: ChannelSettings,
  ports: ChannelPorts,
): Promise<number> {
  const quiet = wantsJson(settings)
  const moving = change.plans.filter(({ move }) => move !== undefined)
  let outcomes: readonly MoveOutcome[] = []
  if (moving.length > 0) {
    if (!quiet) showChannel(change, settings, ports)
    if (!(await ports.terminal.confirm(question))) return exitCodes.ok
    outcomes = await Promise.all(moving.map((plan) => move(plan, settings, ports)))
  }
  ports.terminal.show(renderMoves(change, new Map(outcomes.map((one) => [one.plan, one])), quiet))
  return isTroubled(change) || outcomes.some(({ why }) => why !== undefined) ? exitCodes.failed : exitCodes.ok
}

/** Compares, sets, and compares again: what another run put there is neither replaced unseen nor passed over in silence. */
async function move(
  plan: PointerPlan,
  settings: ChannelSettings,
  { at, clock }: Pick<ChannelPorts, 'at' | 'clock'>,
): Promise<MoveOutcome> {
  const { place, parameter } = plan.pointer
  const { id, description } = plan.move!
  const { parameters } = at(place.target)
  const shows = (history: readonly ParameterVersion[]): boolean =>
    history.some((one) => one.value === id && one.description === description)
  const putAndReadBack = async (): Promise<undefined> => {
    const other = putMeanwhile(await parameters.history(parameter), plan)
    if (other !== undefined) throw movedAtOnce(parameter, other, false)
    await parameters.putImage(parameter, id, description, { ...tagsOf(rigletOf(settings)), Image: settings.IMAGE })
    const history = await until(clock, () => parameters.history(parameter), {
      done: shows,
      pause: { least: 1000, most: 5000 },
      minutes: shownMinutes,
    })
    if (!shows(history)) throw notTaken(parameter, id, history.at(-1)?.value)
    const later = putMeanwhile(history, plan)
    if (later !== undefined) throw movedAtOnce(parameter, later, true)
  }
  const failure = await orUnchecked(putAndReadBack())
  return { plan, why: failure?.why }
}
