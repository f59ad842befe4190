import { isOfOne, type RigletError } from '../../core/errors.ts'
import { noSuchImage, versionTooLong } from '../../core/image/errors.ts'
import { encodeVersion, versionRoom } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { settleAll } from '../../engine/of-many.ts'
import { bakeImage, decideBake, type Bake, type Baked } from './bake-image.ts'
import { imagesIn, readInputs } from './read-inputs.ts'
import { readVariables, variablesFile } from './read-variables.ts'
import { settleSource } from './settle-source.ts'
import { builderTags, sweepBuilders } from './sweep-builders.ts'

export type BakeResult =
  | ({ readonly type: 'there' } & Baked)
  | { readonly type: 'failed'; readonly architecture: string; readonly why: RigletError }

/**
 * Finds the candidates with the same inputs, or bakes them (B01): one for each of `architectures`, side by side; undefined: that
 * of the variable file alone. One that fails holds no other one back. What is there is available.
 * @throws RigletError IMAGE | FILE | INTERRUPTED
 */
export async function bakeImages(
  bake: Bake,
  architectures: readonly string[] | undefined,
  ports: Ports,
): Promise<readonly BakeResult[]> {
  const pushed = await settleSource(bake.source, ports)
  const images = await imagesIn(pushed)
  if (!(await ports.files.exists(variablesFile(bake)))) throw noSuchImage(bake.image, images)
  const room = versionRoom(bake, bake.image)
  const { version = '' } = bake
  if (encodeVersion(version).length > room) throw versionTooLong(version, room)
  const read = await readVariables(bake, ports, room)
  const variables = version === '' ? read : { ...read, version }
  const made = await readInputs(bake.image, images, { ...ports, files: pushed })

  const desired = architectures ?? [variables.architecture]
  const portsOf = (architecture: string): Ports => (desired.length === 1 ? ports : withLabel(architecture, ports))
  const decided = await settleAll(
    desired.map((architecture) =>
      orFailed(architecture, decideBake(bake, variables, architecture, made, portsOf(architecture))),
    ),
  )
  // Once, before any of them starts a machine: they carry the same tags.
  if (decided.some((one) => one.type !== 'failed' && one.plan.type === 'bake')) {
    const tags = builderTags({ OWNER: bake.owner, PROJECT: bake.project }, 'bake', bake.builtFor)
    await sweepBuilders(tags, ports)
  }
  return settleAll(
    decided.map((one) =>
      one.type === 'failed'
        ? Promise.resolve(one)
        : orFailed(one.architecture, bakeImage(bake, one, made, portsOf(one.architecture))),
    ),
  )
}

/** Ctrl-C, and bugs, end it all. */
async function orFailed<Answer>(
  architecture: string,
  work: Promise<Answer>,
): Promise<Answer | Extract<BakeResult, { type: 'failed' }>> {
  try {
    return await work
  } catch (error) {
    if (!isOfOne(error)) throw error
    return { type: 'failed', architecture, why: error }
  }
}

/** Each line says which of several it is of. */
const withLabel = (label: string, ports: Ports): Ports => ({
  ...ports,
  terminal: { ...ports.terminal, say: (text) => ports.terminal.say(text.replace(/^/gm, `${label}: `)) },
})
