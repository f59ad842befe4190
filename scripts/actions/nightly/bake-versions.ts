import { isRigletError, type RigletError } from '../../core/errors.ts'
import { describeImage } from '../../core/image/image-facts.ts'
import type { Build } from '../../core/tracker/plan-nightly.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { bakeImages } from '../image/bake-images.ts'
import { handOverImages } from '../image/hand-over-images.ts'
import type { Ordered } from '../image/image-verbs.ts'

export type Failed = { readonly title: string; readonly why: RigletError }

/** `architectures` undefined: that of the image's variable file. */
type ToBuild = Omit<Build, 'architectures'> & { readonly architectures: readonly string[] | undefined }

/**
 * Bakes what is to be built, or finds it made of the same inputs (S21), one after the other; architectures side by side. One
 * that fails holds no other one back. `onBuilt` is told of each version once all of its images are there, and no sooner (S12).
 * @throws RigletError what stands in the way of all of them, INTERRUPTED
 */
export async function bakeVersions(
  { bake, bucket }: Ordered,
  builds: readonly ToBuild[],
  onBuilt: (version: string) => Promise<void>,
  ports: Ports,
): Promise<readonly Failed[]> {
  const failed: Failed[] = []
  for (const version of new Set(builds.map((build) => build.version))) {
    const before = failed.length
    for (const { base, architectures } of builds.filter((build) => build.version === version)) {
      ports.terminal.say(`Version ${version} on ${base}:`)
      const results = await bakeImages({ ...bake, version, base }, architectures, ports)
      for (const one of results)
        if (one.type === 'failed') failed.push({ title: `${version} on ${base}, ${one.architecture}`, why: one.why })
      const images = results.filter((one) => one.type === 'there')
      for (const { image, baked } of images)
        ports.terminal.say(`${baked ? 'Baked' : 'Found'} ${describeImage(image.id, image, bake.commitTag)}`)
      const why = images.length === 0 ? undefined : await whyNot(handOverImages({ images, bucket }, ports))
      if (why !== undefined) failed.push({ title: `${version} on ${base}`, why })
    }
    if (failed.length === before) await onBuilt(version)
  }
  return failed
}

/** Ctrl-C, and bugs, end it all. */
async function whyNot(work: Promise<void>): Promise<RigletError | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    if (!isRigletError(error) || error.code === 'INTERRUPTED') throw error
    return error
  }
}
