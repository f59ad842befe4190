import { exitCodes } from '../../core/errors.ts'
import { cannotPublish } from '../../core/distribution/errors.ts'
import { entriesOf, changesBetween } from '../../core/distribution/document.ts'
import { planPublication, publicationTime } from '../../core/distribution/plan-publication.ts'
import { holds, planReplica, type ReplicaPlan } from '../../core/distribution/plan-replica.ts'
import { manifestFile, withPublished, writeManifest, type Manifest } from '../../core/manifest/manifest.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { wantsJson } from '../../core/settings/settings.ts'
import { planAsData, renderDistribution, renderManifestChanges, renderOutcome } from '../../view/distribution/images.ts'
import { assemble, type Assembled } from './assemble.ts'
import type { DistributionSettings } from './choose.ts'
import { lookAtPlaces } from './look-at-places.ts'
import { publishedImages } from './read-manifests.ts'
import { runAll } from './replicate.ts'
import { titleOf } from './run-steps.ts'

/** Looks at every place, and plans what is missing there. `published`: when it was, if that is known already. */
async function planAll(
  { replicas }: Assembled,
  ports: Ports,
  published?: string,
): Promise<{ readonly plans: readonly ReplicaPlan[]; readonly published: string }> {
  const looks = await lookAtPlaces(replicas, ports, { sharing: true })
  const now = ports.clock.now()
  const time =
    published ??
    publicationTime(
      looks.map(({ replica, seen }) => planReplica(replica, seen)),
      now,
    )
  return { plans: looks.map(({ replica, seen }) => planPublication(replica, seen, time, now)), published: time }
}

/** What the manifest says once all of these are as they should be. */
const documented = (before: Manifest, { image, replicas }: Assembled, plans: readonly ReplicaPlan[]): Manifest =>
  withPublished(before, image.name, [...new Set(replicas.map(({ place }) => place.region))], entriesOf(plans))

const whyNot = (plans: readonly ReplicaPlan[]): readonly string[] =>
  plans.flatMap((plan) => plan.faults.map((fault) => `${titleOf(plan)}: ${fault}`))

function show(
  settings: DistributionSettings,
  assembled: Assembled,
  plans: readonly ReplicaPlan[],
  ports: Ports,
  before: Manifest,
): void {
  const waves = [{ plans, gate: undefined }]
  if (wantsJson(settings)) return ports.terminal.show(JSON.stringify(planAsData(assembled, waves), null, 2))
  const changes = plans.every(({ held }) => held !== undefined)
    ? changesBetween(before, documented(before, assembled, plans))
    : []
  ports.terminal.show(
    [...renderDistribution(assembled, waves, ports.terminal), ...renderManifestChanges(changes)].join('\n'),
  )
}

const untold = (plans: readonly ReplicaPlan[]): boolean => plans.some(({ unchecked }) => unchecked !== undefined)

/** `make plan-publish`: who would be let in where, and what the manifest would say. */
export async function planPublish(settings: DistributionSettings, ports: Ports): Promise<number> {
  const [assembled, before] = await Promise.all([assemble(settings, ports), publishedImages(ports)])
  const { plans } = await planAll(assembled, ports)
  show(settings, assembled, plans, ports, before ?? {})
  return whyNot(plans).length > 0 || untold(plans) ? exitCodes.failed : exitCodes.ok
}

/**
 * `make publish`: protects, tags, deprecates and shares what was replicated, reads all of it again, and writes the manifest
 * only if every region holds what images.yaml asks for (B03). It refuses before the first step where a region lacks the
 * image.
 * @throws RigletError IMAGE
 */
export async function publish(settings: DistributionSettings, ports: Ports): Promise<number> {
  const [assembled, before = {}] = await Promise.all([assemble(settings, ports), publishedImages(ports)])
  const { plans, published } = await planAll(assembled, ports)
  const quiet = wantsJson(settings)
  if (!quiet) show(settings, assembled, plans, ports, before)
  const { name } = assembled.image
  if (whyNot(plans).length > 0) throw cannotPublish(name, whyNot(plans))

  const steps = plans.some((plan) => plan.steps.length > 0)
  const settled = !steps && !untold(plans)
  const same = settled && writeManifest(documented(before, assembled, plans)) === writeManifest(before)
  if (same) {
    ports.terminal.show(renderOutcome(assembled, plans, new Map(), quiet))
    return exitCodes.ok
  }
  if (!(await ports.terminal.confirm(`Publish ${name}?`))) return exitCodes.ok
  const outcomes = await runAll(plans, ports)

  const { plans: read } = await planAll(assembled, ports, published)
  const ran = new Map(outcomes.map((outcome) => [read[plans.indexOf(outcome.plan)]!, outcome]))
  ports.terminal.show(renderOutcome(assembled, read, ran, quiet))
  const open = read.filter((plan) => !holds(plan))
  if (open.length > 0) {
    ports.terminal.say(
      `${manifestFile} stays as it is: ${open.map(titleOf).join(', ')} ${open.length === 1 ? 'does' : 'do'} not hold what was asked for.`,
    )
    return exitCodes.failed
  }
  await ports.files.write(manifestFile, writeManifest(documented(before, assembled, read)))
  ports.terminal.say(`Wrote ${manifestFile}; commit it: consumers read it from git.`)
  return exitCodes.ok
}
