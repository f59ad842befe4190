import { bakeFailed, changedMeanwhile, noArtifact, noSuchImage, unusable } from '../../core/image/errors.ts'
import { artifactOf, planBake, type PackerManifest } from '../../core/image/candidate.ts'
import { imageFolder, type ImageOrder } from '../../core/image/order.ts'
import { describeImage, type ImageFacts } from '../../core/image/image-facts.ts'
import { anObject, readJson } from '../../core/json.ts'
import { imageName, versionRoom } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { until } from '../../core/until.ts'
import { findBase } from './find-base.ts'
import { readInputs } from './read-inputs.ts'
import { readVariables, variablesFile } from './read-variables.ts'
import { runPacker } from './run-packer.ts'
import { settleSource } from './settle-source.ts'
import { builderTags, sweepBuilders } from './sweep-builders.ts'

export type Bake = ImageOrder & {
  readonly commit: string
  readonly commitTag: string
  /** KMS key of the image's snapshot: the riglet's own, without which the image could not be shared. */
  readonly key: string
}

/** Folder for what Packer brings back. */
export const bakeFolder = 'out/bake'

/** How long an image may stay pending: a snapshot of a few GiB takes some minutes. */
const pendingMinutes = 20

/**
 * Finds the candidate with the same inputs, or bakes it (B01). Either way the image that it returns is available.
 * @throws RigletError IMAGE | FILE | INTERRUPTED
 */
export async function bakeImage(
  bake: Bake,
  ports: Ports,
): Promise<{ readonly image: ImageFacts; readonly baked: boolean }> {
  const folder = imageFolder(bake)
  const file = variablesFile(bake)
  const pushed = await settleSource(bake.source, ports)
  const images = await imagesIn(pushed)
  if (!(await ports.files.exists(file))) throw noSuchImage(bake.image, images)
  const riglet = { owner: bake.owner, project: bake.project }
  const variables = await readVariables(bake, ports, versionRoom(riglet, bake.image))
  const base = await findBase(variables, file, ports)
  const { version, architecture } = variables
  const facts = { baseImageId: base.id, version, architecture }
  const made = await readInputs(bake.image, images, facts, { ...ports, files: pushed })
  const inputs = made.hash

  // What another pipeline, or a person, calls an image of these inputs is its own word: a pipeline reuses only what its own
  // role made. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
  const own = bake.build === '' ? {} : { BuiltFor: bake.builtFor }
  const same = { Owner: bake.owner, Project: bake.project, Image: bake.image, Inputs: inputs, ...own }
  const plan = planBake(await ports.images.owned(same))
  if (plan.type === 'reuse') {
    ports.terminal.say(
      `${describeImage(plan.image.id, plan.image, bake.commitTag)} has the same inputs (${inputs.slice(0, 8)}): nothing to bake`,
    )
    return { image: plan.image, baked: false }
  }
  if (plan.type === 'wait') {
    ports.terminal.say(`${plan.image.id} has the same inputs and is in the making: waiting for it`)
    return { image: await untilAvailable(plan.image.id, ports), baked: false }
  }

  const tags = builderTags({ OWNER: bake.owner, PROJECT: bake.project }, 'bake', bake.builtFor)
  await sweepBuilders(tags, ports)
  const name = imageName.candidate(riglet, bake.image, variables.version, inputs, ports.clock.now())
  ports.terminal.say(`Baking ${name}\n  from ${base.id} (${base.name}), commit ${bake.commit.slice(0, 7)}`)
  await ports.files.write(`${bakeFolder}/.keep`, '')
  await buildImage(bake, { name, inputs, base, file, folder, rootDevice: base.rootDevice ?? '/dev/xvda' }, ports)

  const manifest = `${bakeFolder}/packer-manifest.json`
  const id = artifactOf(
    await readJson(manifest, await ports.files.read(manifest), anObject<PackerManifest>()),
    bake.region,
  )
  if (id === undefined) throw noArtifact(manifest)
  const image = await untilAvailable(id, ports)
  const changed = await made.changed()
  if (changed.length > 0) {
    // It would be found ever after for inputs that it may not be made of.
    await ports.images.remove(image)
    throw changedMeanwhile(id, changed)
  }
  return { image, baked: true }
}

type Recipe = {
  readonly name: string
  readonly inputs: string
  readonly base: ImageFacts
  readonly file: string
  readonly folder: string
  readonly rootDevice: string
}

async function buildImage(bake: Bake, recipe: Recipe, ports: Ports): Promise<void> {
  const { code, reasons } = await runPacker(
    recipe.folder,
    {
      owner: bake.owner,
      project: bake.project,
      built_for: bake.builtFor,
      build: bake.build,
      name: recipe.name,
      commit: bake.commit,
      commit_tag: bake.commitTag,
      inputs: recipe.inputs,
      base_image_id: recipe.base.id,
      root_device: recipe.rootDevice,
      key_arn: bake.key,
      subnet_id: bake.subnet,
      security_group_id: bake.securityGroup,
      goss: ports.packer.goss,
      output: bakeFolder,
    },
    ports,
    { varFile: recipe.file },
  )
  if (code !== 0) throw bakeFailed(code, reasons)
}

async function untilAvailable(id: string, ports: Pick<Ports, 'images' | 'clock'>): Promise<ImageFacts> {
  const describe = async (): Promise<ImageFacts | undefined> => (await ports.images.describe([id]))[0]
  const found = await until(ports.clock, describe, {
    done: (image) => image?.state !== 'pending',
    pause: 5000,
    minutes: pendingMinutes,
  })
  if (found?.state !== 'available') throw unusable(id, found)
  return found
}

const imagesIn = async (files: Ports['files']): Promise<string[]> =>
  (await files.list('packer')).flatMap((path) => /^([^/]+)\/\1\.pkrvars\.hcl$/.exec(path)?.[1] ?? [])
