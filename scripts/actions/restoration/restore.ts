import { changesBetween } from '../../core/distribution/document.ts'
import { holds, type ReplicaPlan } from '../../core/distribution/plan-replica.ts'
import { exitCodes } from '../../core/errors.ts'
import { noManifest } from '../../core/manifest/errors.ts'
import { manifestFile, writeManifest, type Manifest } from '../../core/manifest/manifest.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { claimsOf } from '../../core/restoration/claims.ts'
import { unnamedImages } from '../../core/restoration/errors.ts'
import {
  planRestoration,
  restorationOf,
  sourceOf,
  withSource,
  type Restoration,
} from '../../core/restoration/plan-restoration.ts'
import { wantsJson, type Settings } from '../../core/settings/settings.ts'
import { planAsData, renderDistribution, renderManifestChanges, renderOutcome } from '../../view/distribution/images.ts'
import { lookAtPlaces } from '../distribution/look-at-places.ts'
import { desiredImages, publishedImages } from '../distribution/read-manifests.ts'
import { runAll } from '../distribution/replicate.ts'
import { titleOf } from '../distribution/run-steps.ts'

export type RestoreSettings = Settings<'REGION' | 'MANIFEST'>
type Work = { readonly restorations: readonly Restoration[]; readonly desired: Manifest; readonly before: Manifest }

async function read(settings: RestoreSettings, ports: Ports): Promise<Work> {
  const file = settings.MANIFEST
  const [images, desired, before = {}] = await Promise.all([
    desiredImages(ports),
    publishedImages(ports, file),
    publishedImages(ports),
  ])
  if (desired === undefined) throw noManifest(file)
  const { claims, unnamed } = claimsOf(desired, images, settings.REGION)
  if (unnamed.length > 0) throw unnamedImages(unnamed, file)
  return { restorations: claims.map((claim) => restorationOf(claim, images)), desired, before }
}

/** Looks at every place that the manifest names; of what is gone, at what it can be made of again. */
async function planAll({ restorations }: Work, ports: Ports): Promise<readonly ReplicaPlan[]> {
  const looks = await lookAtPlaces(
    restorations.map(({ replica }) => replica),
    ports,
    { sharing: true },
  )
  const now = ports.clock.now()
  const plans = looks.map(({ seen }, index) => planRestoration(restorations[index]!, seen, now))
  const gone = plans.filter(({ held, unchecked }) => held === undefined && unchecked === undefined)
  const candidates = gone.flatMap((plan) => sourceOf(plan, plans)?.candidate ?? [])
  const there = new Set((await ports.images.describe([...new Set(candidates)])).map(({ id }) => id))
  return plans.map((plan) => withSource(plan, plans, there))
}

/** The plans of each use case, as they are shown. */
const byImage = (plans: readonly ReplicaPlan[], file: string) =>
  [...Map.groupBy(plans, ({ replica }) => replica.image.name).values()].map((own) => ({
    subject: { image: own[0]!.replica.image, candidates: [], how: `${own[0]!.replica.image.name}, as ${file} has it` },
    own,
  }))

function show(
  plans: readonly ReplicaPlan[],
  { desired, before }: Work,
  settings: RestoreSettings,
  { terminal }: Ports,
): void {
  const images = byImage(plans, settings.MANIFEST).map(({ subject, own }) => ({
    subject,
    waves: [{ plans: own, gate: undefined }],
  }))
  terminal.show(
    wantsJson(settings)
      ? JSON.stringify(
          images.map(({ subject, waves }) => planAsData(subject, waves)),
          null,
          2,
        )
      : [
          ...images.flatMap(({ subject, waves }) => renderDistribution(subject, waves, terminal)),
          ...renderManifestChanges(changesBetween(before, desired)),
        ].join('\n'),
  )
}

const troubled = (plans: readonly ReplicaPlan[]): boolean =>
  plans.some(({ faults, unchecked }) => faults.length > 0 || unchecked !== undefined)

/** `make plan-publish MANIFEST=`: what is missing so that all of a manifest is published. */
export async function planRestore(settings: RestoreSettings, ports: Ports): Promise<number> {
  const work = await read(settings, ports)
  const plans = await planAll(work, ports)
  show(plans, work, settings, ports)
  return troubled(plans) ? exitCodes.failed : exitCodes.ok
}

/**
 * `make publish MANIFEST=`: publishes what a manifest says, such as one that git took back (G22). No candidate and no pipeline is
 * asked for: images are found by their ids. What is gone somewhere holds nothing else back (B02); the manifest is written only
 * once all of it holds (B03).
 * @throws RigletError NOT_FOUND | FILE
 */
export async function restore(settings: RestoreSettings, ports: Ports): Promise<number> {
  const work = await read(settings, ports)
  const plans = await planAll(work, ports)
  const json = wantsJson(settings)
  const text = writeManifest(work.desired)
  const same = text === writeManifest(work.before)
  const idle = plans.every(({ steps }) => steps.length === 0)
  if (!json && !(idle && same && !troubled(plans))) show(plans, work, settings, ports)
  let [after, ran]: [readonly ReplicaPlan[], Parameters<typeof renderOutcome>[2]] = [plans, new Map()]
  if (!idle) {
    if (!(await ports.terminal.confirm(`Publish what ${settings.MANIFEST} says?`))) return exitCodes.ok
    const outcomes = await runAll(plans, ports)
    after = await planAll(work, ports)
    ran = new Map(outcomes.map((outcome) => [after[plans.indexOf(outcome.plan)]!, outcome]))
  }
  for (const { subject, own } of byImage(after, settings.MANIFEST))
    ports.terminal.show(renderOutcome(subject, own, ran, json))
  const open = after.filter((plan) => !holds(plan))
  if (open.length > 0) {
    ports.terminal.say(`Not all of ${settings.MANIFEST} is published: ${[...new Set(open.map(titleOf))].join(', ')}.`)
    return exitCodes.failed
  }
  if (!same) {
    await ports.files.write(manifestFile, text)
    ports.terminal.say(`Wrote ${manifestFile}; commit it: consumers read it from git.`)
  }
  return exitCodes.ok
}
