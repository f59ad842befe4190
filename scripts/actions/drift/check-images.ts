import type { CleaningRules } from '../../core/cleaning/findings.ts'
import type { CleaningPlan } from '../../core/cleaning/plan-cleaning.ts'
import { imagesPart, unchecked, type Deletable, type Finding } from '../../core/drift/report.ts'
import { publishedFindings, type ManifestAt } from '../../core/drift/images/published-drift.ts'
import { userFindings } from '../../core/drift/images/user-drift.ts'
import { isRigletError } from '../../core/errors.ts'
import { desiredFile } from '../../core/manifest/desired-images.ts'
import { manifestFile } from '../../core/manifest/manifest.ts'
import { tagsOf, type Riglet } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { rigletOf } from '../../core/settings/settings.ts'
import { orUnchecked } from '../../engine/of-many.ts'
import { lookEverywhere, type CleaningSettings, type Everywhere } from '../cleaning/look-everywhere.ts'
import { planOf, rulesOf } from '../cleaning/make-plan.ts'
import type { Part } from './check-stack.ts'
import { lookAtGroupImages } from './look-at-group-images.ts'
import { lookAtPublished } from './look-at-published.ts'

export type ImagesPart = Part & { readonly deletable: readonly Deletable[] }

/**
 * Manifests of all tags against all accounts and regions (B06, G24), and whoever uses the riglet's images there (B07);
 * undefined: this checkout publishes nothing.
 */
export async function checkImages(settings: CleaningSettings, ports: Ports): Promise<ImagesPart | undefined> {
  if (!(await publishes(ports))) return undefined
  try {
    // Of all images, whatever is filtered when they are cleaned up.
    const { KEEP_DAYS } = settings
    const rules = rulesOf(KEEP_DAYS === undefined ? {} : { KEEP_DAYS }, ports.clock.now())
    return await compare(rigletOf(settings), rules, await lookEverywhere(settings, rules, ports), ports)
  } catch (error) {
    // What is wrong with a file must not hide what differs elsewhere.
    if (!isRigletError(error, 'FILE')) throw error
    return { checked: 0, findings: [unchecked(imagesPart, desiredFile, error.message)], deletable: [] }
  }
}

/** Now, or at any tag. */
async function publishes({ files, git }: Pick<Ports, 'files' | 'git'>): Promise<boolean> {
  const there = await Promise.all([manifestFile, desiredFile].map((file) => files.exists(file)))
  if (there.includes(true)) return true
  // Without git there are no tags.
  const told = await orUnchecked(git.versionsOf(manifestFile, new Date()))
  return 'versions' in told && told.versions.some(({ type }) => type === 'tag')
}

async function compare(
  riglet: Riglet,
  rules: CleaningRules,
  everywhere: Everywhere,
  ports: Ports,
): Promise<ImagesPart> {
  const { looks, pipelines, findings } = everywhere
  const { manifests, faults } = await readManifests(everywhere)
  const [published, groups, cleaning] = await Promise.all([
    lookAtPublished(everywhere, manifests, ports),
    lookAtGroupImages(looks, ports),
    planOf(riglet, everywhere, rules, ports),
  ])
  const { byId } = findings.named
  const ours = new Set(
    looks.flatMap(({ images }) =>
      images
        .filter(({ tags }) => Object.entries(tagsOf(riglet)).every(([key, value]) => tags[key] === value))
        .map(({ id }) => id),
    ),
  )
  const parts = [
    publishedFindings(manifests, published, rules.now),
    userFindings(looks, groups.images, {
      isOurs: (id) => ours.has(id) || byId.has(id),
      isPublished: (id) => byId.has(id),
      isOfPipeline: (id) => pipelines.known.has(id),
    }),
  ]
  const gaps = [...cleaning.gaps, ...published.gaps, ...groups.gaps]
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: [
      ...faults,
      ...gaps.map(({ region, what }) => unchecked(imagesPart, region ?? 'manifests', what)),
      ...parts.flatMap((part) => part.findings),
    ],
    deletable: deletableIn(cleaning),
  }
}

/** What cannot be read of a tag is unchecked, and hides nothing of the others. */
async function readManifests({ current, versions }: Everywhere): Promise<{
  readonly manifests: readonly ManifestAt[]
  readonly faults: readonly Finding[]
}> {
  const { readManifest } = await import('../../core/manifest/read-manifest.ts')
  const all = [
    ...(current === undefined ? [] : [{ tag: undefined, time: 0, text: current }]),
    ...versions.flatMap(({ type, name, time, text }) => (type === 'tag' ? [{ tag: name, time, text }] : [])),
  ]
  const manifests: ManifestAt[] = []
  const faults: Finding[] = []
  for (const { tag, time, text } of all)
    try {
      manifests.push({ tag, time, manifest: await readManifest(text) })
    } catch (error) {
      if (!isRigletError(error)) throw error
      faults.push(unchecked(imagesPart, tag === undefined ? manifestFile : `${manifestFile} of ${tag}`, error.message))
    }
  return { manifests, faults }
}

/** Images that nothing refers to, EC2 itself asked as make clean-images does (G25). */
const deletableIn = ({ images }: CleaningPlan): readonly Deletable[] =>
  images.flatMap(({ site, image, verdict }) =>
    verdict.type === 'goes' || verdict.type === 'waits' ? [{ id: image.id, name: image.name, where: site.title }] : [],
  )
