import type { ImageFacts } from '../../core/image/image-facts.ts'
import { builtFor } from '../../core/image/order.ts'
import { ofLayer } from '../../core/layers/layers.ts'
import { architectureOf } from '../../core/manifest/find-image.ts'
import { nameRules } from '../../core/name-rules.ts'
import { tagsOf } from '../../core/names.ts'
import { changelogOf, describe } from '../../core/packages/changelog.ts'
import { noPackageList, notOfRiglet } from '../../core/packages/errors.ts'
import { imageOfVersion } from '../../core/packages/image-of-version.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { commitTagOf, rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import type { StackState } from '../../core/stack/state.ts'
import { renderChangelog } from '../../view/packages/changelog.ts'
import { readPackages } from './read-packages.ts'

type ChangelogSettings = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'FROM' | 'TO'>

/**
 * `make changelog`: which packages differ between two images of the riglet. Two calls, which bring a page each of images and
 * stacks, and one for each list.
 * @throws RigletError NOT_FOUND | IMAGE | FILE
 */
export async function showChangelog(
  settings: ChangelogSettings,
  ports: Pick<Ports, 'images' | 'stacks' | 'buckets' | 'terminal'>,
): Promise<void> {
  const tags = tagsOf(rigletOf(settings))
  const [owned, stacks] = await Promise.all([ports.images.owned(tags), ports.stacks.list(tags)])
  const before = await findImage(settings.FROM, owned, settings, ports)
  const after = await findImage(settings.TO, owned, settings, ports)
  const changelog = before.id === after.id ? changelogOf({}, {}) : await compare(before, after, stacks, ports)
  const described = (image: ImageFacts) => describe(image, commitTagOf(settings))
  const all = { from: described(before), to: described(after), ...changelog }
  ports.terminal.show(wantsJson(settings) ? JSON.stringify(all, null, 2) : renderChangelog(all))
}

async function findImage(
  word: string,
  owned: readonly ImageFacts[],
  settings: ChangelogSettings,
  { images }: Pick<Ports, 'images'>,
): Promise<ImageFacts> {
  if (!nameRules.imageId.pattern.test(word)) {
    const architecture = settings.ARCH === undefined ? undefined : architectureOf(settings.ARCH)
    return imageOfVersion(word, owned, { image: settings.IMAGE, architecture })
  }
  const found = owned.find(({ id }) => id === word)
  if (found !== undefined) return found
  const [stranger] = await images.describe([word])
  throw notOfRiglet(word, settings.REGION, rigletOf(settings), stranger)
}

async function compare(
  before: ImageFacts,
  after: ImageFacts,
  stacks: readonly StackState[],
  ports: Pick<Ports, 'buckets'>,
) {
  const read = async (image: ImageFacts) => {
    const bucket = bucketOf(image, stacks)
    return bucket === undefined ? undefined : readPackages(bucket, image.id, ports)
  }
  const [old, desired] = await Promise.all([read(before), read(after)])
  if (old !== undefined && desired !== undefined) return changelogOf(old, desired)
  throw noPackageList([...(old === undefined ? [before.id] : []), ...(desired === undefined ? [after.id] : [])])
}

/** The bake of a pipeline keeps its lists in that pipeline's own bucket, a person in the riglet's. */
function bucketOf({ tags }: ImageFacts, stacks: readonly StackState[]): string | undefined {
  const jobs = ofLayer('jobs', stacks).find(
    ({ parameters: { Repo = '', Branch = '' } }) =>
      builtFor('pipeline', { REPO: Repo, BRANCH: Branch }) === tags['BuiltFor'],
  )
  return (jobs ?? ofLayer('artifacts', stacks)[0])?.outputs['ArtifactBucket']
}
