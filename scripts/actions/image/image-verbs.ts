import { exportsFile, exportsOf } from '../../core/exports.ts'
import { inWords } from '../../core/image/junit.ts'
import { imageOrder } from '../../core/image/order.ts'
import { describeImage } from '../../core/image/image-facts.ts'
import { readJson, withTexts } from '../../core/json.ts'
import { stackName } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { commitTagOf, rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { readPushed } from '../pipeline/read-pushed.ts'
import { bakeImage } from './bake-image.ts'
import { handOverImage } from './hand-over-image.ts'
import { needOutputs } from '../../engine/own-stacks.ts'
import { verifyImage } from './verify-image.ts'

type Common = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'REPO' | 'BRANCH'>

/** `make bake`: finds or bakes the image, and hands it over to what comes next. */
export async function bakeVerb(settings: Common, ports: Ports): Promise<void> {
  const commitTag = commitTagOf(settings)
  const commit = settings.COMMIT ?? (await commitOfSource(settings, ports))
  const { key, bucket } = await sharedBy(settings, ports)
  const { image, baked } = await bakeImage({ ...imageOrder(settings), commit, commitTag, key }, ports)
  await handOverImage({ image, baked, bucket }, ports)
  ports.terminal.say(`${baked ? 'Baked' : 'Found'} ${describeImage(image.id, image, commitTag)}`)
  ports.terminal.show(wantsJson(settings) ? JSON.stringify({ ...image, baked }) : image.id)
}

/** `make verify`: IMAGE_ID, or else what the last bake left. */
export async function verifyVerb(settings: Common, ports: Ports): Promise<void> {
  const imageId = settings.IMAGE_ID ?? (await lastBake(ports))
  const checks = await verifyImage({ ...imageOrder(settings), imageId }, ports)
  await ports.files.write(exportsFile, exportsOf({ TESTS: inWords(checks) }))
  ports.terminal.show(wantsJson(settings) ? JSON.stringify({ imageId, ...checks }) : inWords(checks))
}

/** The image that the last bake left. */
const lastBake = async (ports: Pick<Ports, 'files'>): Promise<string> =>
  (await readJson('out/image.json', await ports.files.read('out/image.json'), withTexts('id'))).id

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
