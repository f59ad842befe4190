import { exportsFile, exportsOf } from '../../core/exports.ts'
import { unusableValues } from '../../core/image/catalogue.ts'
import { inWords } from '../../core/image/junit.ts'
import { imageOrder } from '../../core/image/order.ts'
import { imageRules } from '../../core/image/rules.ts'
import { shown } from '../../core/image/variables.ts'
import { describeImage } from '../../core/image-facts.ts'
import { readJson, withTexts } from '../../core/json.ts'
import { stackName } from '../../core/names.ts'
import type { Ports } from '../../core/ports.ts'
import { environmentOf, rigletOf, sourceOf, wantsJson, type Settings } from '../../core/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { bakeImage } from './bake-image.ts'
import { handOverImage } from './hand-over-image.ts'
import { needOutput, needOutputs } from '../stack/need-output.ts'
import { smoke } from './smoke.ts'
import { verifyImage } from './verify-image.ts'

type Common = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'REPO' | 'BRANCH'>

/** Requests may still be answered by a machine that is on its way out; targets need a few checks to get healthy. */
const smokeSeconds = 300

/** `make bake`: finds or bakes the image, and hands it over to what comes next. */
export async function bakeVerb(settings: Common, ports: Ports): Promise<void> {
  const commitTag = settings.COMMIT_TAG ?? 'Commit'
  const commit = settings.COMMIT ?? (await commitOfSource(ports))
  const { key, bucket } = await sharedBy(settings, ports)
  const { image, baked } = await bakeImage({ ...imageOrder(settings), commit, commitTag, key }, ports)
  await handOverImage(
    { riglet: rigletOf(settings), source: sourceOf(settings), image, baked, commitTag, settings, bucket },
    ports,
  )
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

/** `make smoke`: does the app answer as the image that its stack, or the pipeline, says. */
export async function smokeVerb(settings: Common & Settings<'ENV'>, ports: Ports): Promise<void> {
  const [riglet, environment, source] = [rigletOf(settings), environmentOf(settings), sourceOf(settings)]
  const [stack, whose] = [stackName.app(riglet, environment, source), marksOf(riglet, source, environment)]
  const url = settings.URL ?? (await needOutput(stack, whose, 'Url', ports))
  const imageId = settings.IMAGE_ID ?? (await needOutput(stack, whose, 'ImageId', ports))
  const anyName = settings.URL === undefined && !(await ports.stacks.find(stack))?.parameters['HostName']
  const identity = await smoke({ url, imageId, anyName, seconds: smokeSeconds }, ports)
  ports.terminal.show(wantsJson(settings) ? JSON.stringify({ url, ...identity }) : url)
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

/** The commit in git, or in source.json where a build has only an archive of it. */
async function commitOfSource(ports: Pick<Ports, 'files' | 'git'>): Promise<string> {
  const source = await ports.files.readIfThere('source.json')
  if (source === undefined) return (await ports.git.head()).id
  const { commit } = await readJson('source.json', source, withTexts('commit'))
  // It goes into the shell, JSON and tags of an image, so it is held as the version is.
  const { pattern, words } = imageRules.commit
  if (pattern.test(commit)) return commit
  const what = `commit = ${shown(commit)} is not ${words}`
  throw unusableValues([{ where: 'source.json', what }], 'Push again: make push')
}
