import { chooseCandidates, verifiedBy } from '../../core/distribution/choose-candidates.ts'
import { noCandidate, noPipeline, notDesired, notItsCandidate } from '../../core/distribution/errors.ts'
import type { ImageFacts } from '../../core/image/image-facts.ts'
import type { Desired, DesiredImage } from '../../core/manifest/desired-images.ts'
import { stackName, tagsOf } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { imageRevoked } from '../../core/revocation/errors.ts'
import { revocationOf } from '../../core/revocation/revocation.ts'
import { readSettings, rigletOf, sourceOf, type Settings } from '../../core/settings/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { findOurs } from '../../engine/own-stacks.ts'

export type DistributionSettings = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'IMAGE'>

export type Chosen = {
  readonly image: DesiredImage
  /** One for each architecture, or the one that was named. */
  readonly candidates: readonly ImageFacts[]
  /** How they were chosen, in words. */
  readonly how: string
}

/** Executions that are looked through: some months of a busy pipeline. */
const remembered = 50

/**
 * Which candidates are meant: the one that IMAGE_ID names, or for each architecture the newest that is available and that
 * the pipeline of REPO and BRANCH verified.
 * @throws RigletError NOT_FOUND | IMAGE | PIPELINE | SETTINGS
 */
export async function choose(
  settings: DistributionSettings,
  desired: Desired,
  ports: Pick<Ports, 'images' | 'pipelines' | 'stacks'>,
): Promise<Chosen> {
  const image = desired.images[settings.IMAGE]
  if (image === undefined) throw notDesired(settings.IMAGE, Object.keys(desired.images))
  const named = settings.IMAGE_ID
  if (named !== undefined)
    return { image, candidates: [await candidate(named, image, settings, ports)], how: 'as IMAGE_ID names it' }

  const source = { REPO: settings.REPO, BRANCH: settings.BRANCH }
  const where = sourceOf({ ...settings, ...readSettings(['REPO', 'BRANCH'], source, undefined) })
  const riglet = rigletOf(settings)
  const pipeline = stackName.pipeline(riglet, where)
  if ((await findOurs(pipeline, marksOf(riglet, where), ports)) === undefined) throw noPipeline(image.name, pipeline)
  const [executions, candidates] = await Promise.all([
    ports.pipelines.executions(pipeline, remembered),
    ports.images.owned({ ...tagsOf(riglet), Image: image.name }),
  ])
  const since = Math.min(...executions.map(({ started }) => started))
  const runs = executions.length === 0 ? [] : await ports.pipelines.runsSince(pipeline, since)
  const { chosen, missing } = chooseCandidates(candidates, image.architectures, verifiedBy(runs))
  if (missing.length > 0) throw noCandidate(image.name, missing, pipeline)
  return { image, candidates: chosen, how: `the newest that ${pipeline} verified` }
}

async function candidate(
  id: string,
  image: DesiredImage,
  settings: DistributionSettings,
  { images }: Pick<Ports, 'images'>,
): Promise<ImageFacts> {
  const [found] = await images.describe([id])
  const refuse = (why: string): never => {
    throw notItsCandidate(id, image.name, why)
  }
  if (found === undefined) return refuse(`this account has no such image in ${settings.REGION}`)
  const tags = { Owner: settings.OWNER, Project: settings.PROJECT, Image: image.name }
  for (const [key, value] of Object.entries(tags))
    if (found.tags[key] !== value) refuse(`its tag ${key} is ${found.tags[key] ?? 'missing'}, not ${value}`)
  if (!found.tags['Inputs'] || !found.tags['Version']) refuse('it was never finished')
  if (found.state !== 'available') refuse(`it is ${found.state}`)
  const revocation = revocationOf(found.tags)
  if (revocation !== undefined)
    throw imageRevoked(
      id,
      revocation,
      'Without IMAGE_ID it is the newest candidate that was verified and is not revoked.',
    )
  if (!image.architectures.includes(found.architecture))
    refuse(`it is of architecture ${found.architecture}, and images.yaml wants ${image.architectures.join(', ')}`)
  return found
}
