import { exportsFile, exportsOf } from '../../core/exports.ts'
import { isOfOne, type RigletError } from '../../core/errors.ts'
import { architectures } from '../../core/image/base.ts'
import { notMadeFor, severalFailed } from '../../core/image/errors.ts'
import { inWords, type Checks } from '../../core/image/junit.ts'
import { imageOrder } from '../../core/image/order.ts'
import { describeImage } from '../../core/image/image-facts.ts'
import { oneOrSeveral, readJson, withTexts } from '../../core/json.ts'
import { architectureOf } from '../../core/manifest/find-image.ts'
import { stackName } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { commitTagOf, rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { readPushed } from '../pipeline/read-pushed.ts'
import type { Bake } from './bake-image.ts'
import { bakeImages } from './bake-images.ts'
import { handOverImages, oneOrAll } from './hand-over-images.ts'
import { needOutputs } from '../../engine/own-stacks.ts'
import { wantsEncryption } from './settle-source.ts'
import { reportFile, verifyImage } from './verify-image.ts'

type Common = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'REPO' | 'BRANCH'>

/**
 * `make bake`: finds or bakes the image, for each architecture that ARCH names, and hands it over to what comes next.
 * @throws RigletError SETTINGS | IMAGE | FILE | STACK_NEEDED; what was made all the same is handed over first
 */
export async function bakeVerb(settings: Common, ports: Ports): Promise<void> {
  const architectures = architecturesOf(settings)
  const { bake, bucket } = await orderBake(settings, ports)
  const results = await bakeImages(bake, architectures, ports)
  const there = results.filter((one) => one.type === 'there')
  const failed = results.filter((one) => one.type === 'failed')
  if (there.length > 0) await handOverImages({ images: there, bucket }, ports)
  for (const { image, baked } of there)
    ports.terminal.say(`${baked ? 'Baked' : 'Found'} ${describeImage(image.id, image, bake.commitTag)}`)
  if (there.length > 0)
    ports.terminal.show(
      wantsJson(settings)
        ? JSON.stringify(oneOrAll(there.map(({ image, baked }) => ({ ...image, baked }))))
        : there.map(({ image }) => image.id).join('\n'),
    )
  if (failed.length > 0) throw severalFailed(failed.map(({ architecture, why }) => ({ title: architecture, why })))
}

/** What a bake is asked to do, and where lists of packages are kept. */
export type Ordered = { readonly bake: Bake; readonly bucket: string | undefined }

/** @throws RigletError FILE | STACK_NEEDED | PIPELINE */
export async function orderBake(settings: Common, ports: Ports): Promise<Ordered> {
  const commit = settings.COMMIT ?? (await commitOfSource(settings, ports))
  const { key, bucket } = await sharedBy(settings, ports)
  const order = imageOrder(settings)
  const encrypted = await wantsEncryption(order, ports)
  return { bake: { ...order, commit, commitTag: commitTagOf(settings), key, encrypted }, bucket }
}

/** As EC2 calls them, each once; undefined: as the image's variable file says. */
export function architecturesOf({ ARCH }: Settings): readonly string[] | undefined {
  if (ARCH === undefined) return undefined
  const named = [...new Set(ARCH.split(',').map(architectureOf))]
  const others = named.filter((architecture) => !architectures.includes(architecture))
  if (others.length > 0) throw notMadeFor(others, architectures)
  return named
}

/**
 * `make verify`: IMAGE_ID, or else what the last bake left, one after the other.
 * @throws RigletError IMAGE, when all were looked at
 */
export async function verifyVerb(settings: Common, ports: Ports): Promise<void> {
  const ids = settings.IMAGE_ID === undefined ? await lastBaked(ports) : [settings.IMAGE_ID]
  const order = imageOrder(settings)
  const encrypted = await wantsEncryption(order, ports)
  const verified: { readonly imageId: string; readonly checks: Checks }[] = []
  const failed: { readonly title: string; readonly why: RigletError }[] = []
  for (const imageId of ids) {
    const report = ids.length === 1 ? reportFile : `reports/verify-${imageId}.xml`
    try {
      verified.push({ imageId, checks: await verifyImage({ ...order, imageId, report, encrypted }, ports) })
    } catch (error) {
      if (!isOfOne(error)) throw error
      failed.push({ title: imageId, why: error })
    }
  }
  const lines = verified.map(({ imageId, checks }) => (ids.length === 1 ? '' : `${imageId}: `) + inWords(checks))
  if (verified.length > 0) {
    await ports.files.write(exportsFile, exportsOf({ TESTS: lines.join(', ') }))
    const data = oneOrAll(verified.map(({ imageId, checks }) => ({ imageId, ...checks })))
    ports.terminal.show(wantsJson(settings) ? JSON.stringify(data) : lines.join('\n'))
  }
  if (failed.length > 0) throw severalFailed(failed)
}

/** The images that the last bake left. */
const lastBaked = async (ports: Pick<Ports, 'files'>): Promise<readonly string[]> => {
  const file = 'out/image.json'
  const left = await readJson(file, await ports.files.read(file), oneOrSeveral(withTexts('id')))
  return [left].flat().map(({ id }) => id)
}

/**
 * A build is told the riglet's key and bucket; by hand they are looked up. There is no bake without the key: an image
 * under the account's default key would be found for the same inputs ever after, and could not be shared.
 * @throws RigletError STACK_NEEDED
 */
async function sharedBy(
  settings: Common,
  ports: Pick<Ports, 'stacks'>,
): Promise<{ readonly key: string; readonly bucket: string | undefined }> {
  if (settings.KEY_ARN !== undefined) return { key: settings.KEY_ARN, bucket: settings.ARTIFACTS_BUCKET }
  const { KeyArn, ArtifactBucket } = await needOutputs(
    stackName.artifacts(rigletOf(settings)),
    marksOf(rigletOf(settings)),
    ['KeyArn', 'ArtifactBucket'],
    ports,
  )
  return { key: KeyArn, bucket: ArtifactBucket }
}

/** The commit in git, or in a build the one that whoever pushed it named. It goes into the shell, JSON and tags. */
async function commitOfSource(settings: Common, ports: Pick<Ports, 'buckets' | 'git'>): Promise<string> {
  const pushed = await readPushed(settings, ports)
  return pushed === undefined ? (await ports.git.head()).id : pushed.commit
}
