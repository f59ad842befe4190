import { changesBetween } from '../../core/distribution/document.ts'
import { consumersOf, placesOf } from '../../core/distribution/place.ts'
import { releaseOf } from '../../core/distribution/release.ts'
import { exitCodes, isRigletError } from '../../core/errors.ts'
import { exportsFile, exportsOf } from '../../core/exports.ts'
import { manifestFile } from '../../core/manifest/manifest.ts'
import { publishPlanKey, sourceKey, stackName } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { noHandOver, nothingVerified } from '../../core/publication/errors.ts'
import { changesSummary, publishSummary } from '../../core/publication/summary.ts'
import { lastVerified } from '../../core/publication/verified.ts'
import { readSettings, rigletOf, sourceOf, type Settings } from '../../core/settings/settings.ts'
import { tagsIn } from '../../core/source/pushed.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { needOutput } from '../../engine/own-stacks.ts'
import { assemble } from '../distribution/assemble.ts'
import type { DistributionSettings } from '../distribution/choose.ts'
import type { ChannelSettings } from '../distribution/move-channel.ts'
import { promote } from '../distribution/promote.ts'
import { planPublish } from '../distribution/publish.ts'
import { desiredImages, publishedImages } from '../distribution/read-manifests.ts'
import { replicate } from '../distribution/replicate.ts'
import { document, type DocumentSettings } from '../proposal/document.ts'
import { publishVerb, type PublishSettings } from '../restoration/publish-verbs.ts'
import { isJob, readRelease, releaseFile, sourceFiles, withManifest } from './handed-over.ts'

/** Executions that are looked through: some months of a busy pipeline. */
const remembered = 50

/** Source and image, as the pipeline that verifies tells: the newest that it verified, and which push that was of. */
async function findVerified(settings: DistributionSettings, ports: Ports) {
  const said = { REPO: settings.REPO, BRANCH: settings.BRANCH }
  const source = sourceOf({ ...settings, ...readSettings(['REPO', 'BRANCH'], said, undefined) })
  const riglet = rigletOf(settings)
  const stack = stackName.pipeline(riglet, source)
  const pipeline = await needOutput(stack, marksOf(riglet, source), 'PipelineName', ports)
  const executions = await ports.pipelines.executions(pipeline, remembered)
  const since = Math.min(...executions.map(({ started }) => started))
  const verified = lastVerified(executions.length === 0 ? [] : await ports.pipelines.runsSince(pipeline, since))
  const execution = executions.find(({ id }) => id === verified?.execution)
  if (verified === undefined || execution === undefined) throw nothingVerified(pipeline)
  return { image: verified.image, version: execution.revisionId }
}

/**
 * `make replicate`. In a pipeline: the image that was verified last; then what would be published is written down for the
 * person who is asked, and handed on, so that what was shown is what is published.
 */
export async function replicateVerb(settings: DistributionSettings, ports: Ports): Promise<number> {
  if (!isJob(settings)) return replicate(settings, ports)
  const { image, version } = await findVerified(settings, ports)
  const own = { ...settings, IMAGE_ID: image }
  const code = await replicate(own, ports)
  if (code !== exitCodes.ok) return code
  const lines: string[] = []
  const show = (text: string): void => {
    lines.push(text)
    ports.terminal.show(text)
  }
  // Nobody is asked about what could not be published.
  const planned = await planPublish(own, { ...withManifest(settings, ports), terminal: { ...ports.terminal, show } })
  if (planned !== exitCodes.ok) return planned
  const [desired, { image: said, candidates }] = await Promise.all([desiredImages(ports), assemble(own, ports)])
  const key = publishPlanKey(settings.EXECUTION_ID)
  await ports.buckets.put(settings.ARTIFACTS_BUCKET, key, `${lines.join('\n')}\n`)
  const places = placesOf(said, desired, settings.REGION)
  const summary = publishSummary(said, candidates[0]!, places, consumersOf(said, desired))
  const told = { IMAGE_ID: image, SOURCE_VERSION: version, PLAN_KEY: key, SUMMARY: summary }
  await ports.files.write(exportsFile, exportsOf(told))
  return exitCodes.ok
}

/** `make publish`. In a pipeline: the manifest goes into out/, from where it is handed on; nobody's repository is written to. */
export async function publishJob(settings: PublishSettings, ports: Ports): Promise<number> {
  const seen = withManifest(settings, ports)
  const code = await publishVerb(settings, seen)
  if (code !== exitCodes.ok || !isJob(settings)) return code
  const [before, written, tags] = await Promise.all([
    publishedImages(seen),
    ports.files.readIfThere(manifestFile),
    tagsOfPush(settings, ports),
  ])
  const text = written ?? (await sourceFiles(settings, ports)?.readIfThere(manifestFile))
  if (text === undefined) throw noHandOver(manifestFile)
  const { readManifest } = await import('../../core/manifest/read-manifest.ts')
  const changes = changesBetween(before ?? {}, await readManifest(text))
  const release = releaseIn(tags, ports)
  await Promise.all([
    ports.files.write(`out/${manifestFile}`, text),
    ports.files.write(`out/${releaseFile}`, `${JSON.stringify({ tags })}\n`),
    ports.files.write(
      exportsFile,
      exportsOf({
        SUMMARY: changesSummary(changes),
        RELEASE: release ?? 'none',
        RELEASED: release === undefined ? 'no' : 'yes',
      }),
    ),
  ])
  return exitCodes.ok
}

/** As whoever pushed said with the object: nothing in a commit can change that. */
async function tagsOfPush(settings: Settings, { buckets }: Ports): Promise<readonly string[]> {
  const { SOURCE_BUCKET: bucket, SOURCE_VERSION: version, REPO = '', BRANCH = '' } = settings
  if (bucket === undefined || version === undefined) return []
  const key = sourceKey(sourceOf({ ...settings, REPO, BRANCH }))
  return tagsIn((await buckets.metadata(bucket, key, version)) ?? {})
}

/** The release tag, if it is one; what is no release is promoted to no channel. */
function releaseIn(tags: readonly string[], { terminal }: Pick<Ports, 'terminal'>): string | undefined {
  try {
    return tags.length === 0 ? undefined : releaseOf(tags, undefined).tag
  } catch (error) {
    if (!isRigletError(error)) throw error
    terminal.say(`Not promoted: ${error.message}`)
    return undefined
  }
}

/** `make document`. In a pipeline: the manifest that Publish handed over. */
export const documentJob = (settings: DocumentSettings, ports: Ports): Promise<number> =>
  document(settings, withManifest(settings, ports))

/** `make promote`. In a pipeline: what Publish handed over stands for the release that is checked out. */
export async function promoteJob(settings: ChannelSettings, ports: Ports): Promise<number> {
  if (!isJob(settings)) return promote(settings, ports)
  const { tags } = await readRelease(settings, ports)
  const git = { ...ports.git, tags: async () => [...tags], changed: async () => [] }
  return promote(settings, { ...withManifest(settings, ports), git })
}
