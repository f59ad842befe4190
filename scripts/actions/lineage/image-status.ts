import { sitesOf } from '../../core/distribution/sites.ts'
import { notKnown } from '../../core/lineage/errors.ts'
import { exitCodes } from '../../core/errors.ts'
import { agesOf, type Age, type StackUse } from '../../core/lineage/ages.ts'
import { originsOf, type Origin } from '../../core/lineage/origins.ts'
import type { Unchecked } from '../../core/lineage/uses.ts'
import { app } from '../../core/layers/app.ts'
import { environmentIn, ofLayer } from '../../core/layers/layers.ts'
import { aliasesOf } from '../../core/manifest/desired-images.ts'
import { isEnvironment, tagsOf } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { commitTagOf, rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { exists, type StackState } from '../../core/stack/state.ts'
import { orUnchecked } from '../../engine/of-many.ts'
import { imageStatusAsData, renderImageStatus } from '../../view/distribution/image-status.ts'
import { desiredImages, publishedImages } from '../distribution/read-manifests.ts'
import { environmentsIn } from '../environment/environments-in.ts'
import { lookEverywhere } from './look-everywhere.ts'
import { lookForUses } from './look-for-uses.ts'

type StatusPorts = Pick<Ports, 'account' | 'alarms' | 'at' | 'clock' | 'files' | 'stacks' | 'terminal'>

/**
 * `make image-status`: each image of the riglet from its commit to its copies, to what others made of it and to what runs them, in
 * all places (A17), and the oldest that runs in each environment (B14). The number is the exit code: 1 where an objective is
 * passed, or where something could not be looked at.
 * @throws RigletError NOT_FOUND | FILE | SETTINGS
 */
export async function imageStatus(
  settings: Settings<'OWNER' | 'PROJECT' | 'REGION'>,
  ports: StatusPorts,
): Promise<number> {
  const riglet = rigletOf(settings)
  const [desired, manifest = {}, said = {}] = await Promise.all([
    desiredImages(ports),
    publishedImages(ports),
    environmentsIn(ports),
    // Without credentials no place would answer, which is another matter than one that does not.
    ports.account.id(),
  ])
  const sites = sitesOf(desired, settings.REGION, Object.values(manifest).flatMap(Object.keys))
  const [everything, listed] = await Promise.all([
    lookEverywhere(sites, ports),
    orUnchecked(ports.stacks.list(tagsOf(riglet))),
  ])
  const ours = Object.entries(tagsOf(riglet))
  const all = originsOf(
    everything.images,
    everything.kin,
    ({ tags }) => ours.every(([key, value]) => tags[key] === value) && tags['Inputs'] !== undefined,
    commitTagOf(settings),
  )
  const origins = chosen(all, settings.IMAGE, aliasesOf(desired), everything.unchecked)
  const apps = 'type' in listed ? [] : ofLayer('app', listed.filter(exists))
  const running = stackUses(apps, origins, settings.IMAGE === undefined)
  const ids = [...origins.flatMap(idsOf), ...running.map(({ image }) => image)]
  const { uses, channels, unchecked } = await lookForUses(riglet, [...new Set(ids)], sites, apps, ports)
  const ages = agesOf(origins, uses, running, said, ports.clock.now())
  await tellAges(settings.METRIC_NAMESPACE, ages, ports)
  const doubts = [
    ...everything.unchecked,
    ...unchecked,
    ...('type' in listed ? [{ what: 'stacks of the riglet', why: listed.why }] : []),
    ...ages.flatMap(({ where, unknown }) =>
      unknown.map((id) => ({ what: `the age of ${id}, which runs in ${where}`, why: 'it is gone' })),
    ),
  ]
  const status = { origins, uses, channels, ages, unchecked: doubts, now: ports.clock.now() }
  ports.terminal.show(
    wantsJson(settings)
      ? JSON.stringify(imageStatusAsData(status), null, 2)
      : renderImageStatus(status, ports.terminal).join('\n'),
  )
  return ages.some(({ passed }) => passed) || doubts.length > 0 ? exitCodes.failed : exitCodes.ok
}

/** Where a job asks for it: of each environment the age of the oldest that runs there, in days. By hand nothing is kept. */
async function tellAges(
  namespace: string | undefined,
  ages: readonly Age[],
  { alarms }: Pick<Ports, 'alarms'>,
): Promise<void> {
  const measured = ages.flatMap(({ where, worst }) =>
    isEnvironment(where) && worst !== undefined ? [{ name: 'ImageAge', environment: where, value: worst.days }] : [],
  )
  if (namespace !== undefined && measured.length > 0) await alarms.measure(namespace, measured)
}

const idsOf = ({ copies, derived }: Origin): readonly string[] => [...copies, ...derived].map(({ id }) => id)

/** Those of a use case, by its name of now or an older one, or the one that an AMI belongs to. */
function chosen(
  all: readonly Origin[],
  asked: string | undefined,
  aliases: Readonly<Record<string, string>>,
  unchecked: readonly Unchecked[],
): readonly Origin[] {
  if (asked === undefined) return all
  const name = aliases[asked] ?? asked
  const found = all.filter((origin) => origin.image === name || origin.id === asked || idsOf(origin).includes(asked))
  if (found.length > 0) return found
  throw notKnown(asked, [...new Set(all.map(({ image }) => image))], unchecked)
}

/** What the apps' stacks say that they run: of all, or of these images. */
function stackUses(apps: readonly StackState[], origins: readonly Origin[], all: boolean): readonly StackUse[] {
  const known = new Set(origins.flatMap(idsOf))
  return apps.flatMap((stack) => {
    const [environment, image] = [environmentIn(stack), app.facts(stack).image]
    return environment === undefined || image === undefined || !(all || known.has(image))
      ? []
      : [{ stack: stack.name, environment, image }]
  })
}
