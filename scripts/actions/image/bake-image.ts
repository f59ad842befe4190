import { usualBase } from '../../core/image/base.ts'
import { bakeFailed, changedMeanwhile, noArtifact, unusable, wronglyEncrypted } from '../../core/image/errors.ts'
import { artifactOf, planBake, type BakePlan, type PackerManifest } from '../../core/image/candidate.ts'
import { imageFolder, type ImageOrder } from '../../core/image/order.ts'
import { describeImage, encryptionFault, type ImageFacts } from '../../core/image/image-facts.ts'
import type { ImageVariables } from '../../core/image/packer/variables.ts'
import { anObject, readJson } from '../../core/json.ts'
import { imageName } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { until } from '../../core/until.ts'
import { chooseBuilder, findBase } from './find-base.ts'
import type { ReadInputs } from './read-inputs.ts'
import { variablesFile } from './read-variables.ts'
import { runPacker } from './run-packer.ts'

export type Bake = ImageOrder & {
  readonly commit: string
  readonly commitTag: string
  /** KMS key of the image's snapshot: the riglet's own, without which the image could not be shared. */
  readonly key: string
  /** As images.yaml wants it; the image's variable `encrypted` is told only where it is not to be. */
  readonly encrypted: boolean
  /** In the place of the variable file's; undefined: that one. */
  readonly version?: string
  /** What it is made on, by a name of core/image/base.ts; the image's variable `base` is told only where it is not the usual one. */
  readonly base?: string
}

/** Folder for what Packer brings back; several architectures may be baked at once. */
export const bakeFolder = (architecture: string): string => `out/bake/${architecture}`

/** How long an image may stay pending: a snapshot of a few GiB takes some minutes. */
const pendingMinutes = 20

/** An image of one architecture, as it is to be made or is there already. */
export type Recipe = {
  readonly type: 'decided'
  readonly architecture: string
  readonly version: string
  readonly base: ImageFacts
  readonly instanceType: string
  readonly inputs: string
  readonly plan: BakePlan
}

export type Baked = { readonly image: ImageFacts; readonly baked: boolean }

/**
 * What an image of an architecture is made of, and whether there is one of the same.
 * @throws RigletError IMAGE
 */
export async function decideBake(
  bake: Bake,
  variables: ImageVariables,
  architecture: string,
  made: ReadInputs,
  ports: Pick<Ports, 'images' | 'parameters'>,
): Promise<Recipe> {
  const instanceType = await chooseBuilder(bake, variables, architecture, ports)
  const who = architecture === variables.architecture ? variablesFile(bake) : `ARCH=${architecture}`
  const base = await findBase(architecture, who, ports, bake.base)
  const { version } = variables
  const inputs = made.hashOf({ baseImageId: base.id, version, architecture, encrypted: bake.encrypted })
  // What another pipeline, or a person, calls an image of these inputs is its own word: a pipeline reuses only what its own
  // role made. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
  const own = bake.build === '' ? {} : { BuiltFor: bake.builtFor }
  const same = { Owner: bake.owner, Project: bake.project, Image: bake.image, Inputs: inputs, ...own }
  const plan = planBake(await ports.images.owned(same))
  return { type: 'decided', architecture, version, base, instanceType, inputs, plan }
}

/**
 * Does what was decided. The image that it returns is available.
 * @throws RigletError IMAGE | FILE | INTERRUPTED
 */
export async function bakeImage(
  bake: Bake,
  recipe: Recipe,
  made: ReadInputs,
  ports: Ports,
): Promise<{ readonly type: 'there' } & Baked> {
  const { architecture, base, inputs, plan, version } = recipe
  if (plan.type === 'reuse') {
    ports.terminal.say(
      `${describeImage(plan.image.id, plan.image, bake.commitTag)} has the same inputs (${inputs.slice(0, 8)}): nothing to bake`,
    )
    return { type: 'there', image: plan.image, baked: false }
  }
  if (plan.type === 'wait') {
    ports.terminal.say(`${plan.image.id} has the same inputs and is in the making: waiting for it`)
    return { type: 'there', image: await untilAvailable(plan.image.id, ports), baked: false }
  }

  const name = imageName.candidate(bake, bake.image, version, inputs, ports.clock.now())
  ports.terminal.say(`Baking ${name}\n  from ${base.id} (${base.name}), commit ${bake.commit.slice(0, 7)}`)
  const output = bakeFolder(architecture)
  await ports.files.write(`${output}/.keep`, '')
  await buildImage(bake, recipe, { name, output }, ports)

  const manifest = `${output}/packer-manifest.json`
  const id = artifactOf(
    await readJson(manifest, await ports.files.read(manifest), anObject<PackerManifest>()),
    bake.region,
  )
  if (id === undefined) throw noArtifact(manifest)
  const image = await untilAvailable(id, ports)
  if (encryptionFault(image, bake.encrypted, bake.image) !== undefined) {
    await ports.images.remove(image)
    const look = await ports.images.awsCliCommand('ec2 get-ebs-encryption-by-default')
    throw wronglyEncrypted(id, bake.encrypted, imageFolder(bake), look)
  }
  const changed = await made.changed()
  if (changed.length > 0) {
    // It would be found ever after for inputs that it may not be made of.
    await ports.images.remove(image)
    throw changedMeanwhile(id, changed)
  }
  return { type: 'there', image, baked: true }
}

async function buildImage(
  bake: Bake,
  { architecture, base, inputs, instanceType }: Recipe,
  { name, output }: { readonly name: string; readonly output: string },
  ports: Ports,
): Promise<void> {
  const { code, reasons } = await runPacker(
    imageFolder(bake),
    {
      owner: bake.owner,
      project: bake.project,
      built_for: bake.builtFor,
      build: bake.build,
      name,
      commit: bake.commit,
      commit_tag: bake.commitTag,
      inputs,
      architecture,
      instance_type: instanceType,
      base_image_id: base.id,
      root_device: base.rootDevice ?? '/dev/xvda',
      key_arn: bake.key,
      ...(bake.encrypted ? {} : { encrypted: 'false' }),
      ...(bake.version === undefined ? {} : { version: bake.version }),
      ...(bake.base === undefined || bake.base === usualBase ? {} : { base: bake.base }),
      subnet_id: bake.subnet,
      security_group_id: bake.securityGroup,
      goss: ports.packer.goss,
      output,
    },
    ports,
    { varFile: variablesFile(bake) },
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
